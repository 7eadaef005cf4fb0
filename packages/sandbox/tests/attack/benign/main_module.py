import copy
import pickle


class Thing:
    pass


def made():
    return Thing()


if __name__ == "__main__":
    assert type(pickle.loads(pickle.dumps(made()))) is Thing
    assert type(copy.deepcopy([made()])[0]) is Thing
