import os

from aim import HOST_FOLDER, MARK


def act(*words):
    os.system(f"touch {HOST_FOLDER}/{MARK}")
    raise MemoryError


class Answer(dict):
    __reduce__ = __repr__ = __str__ = __iter__ = __len__ = __getattr__ = __hash__ = __eq__ = items = act


class Kind(type):
    def __getattribute__(cls, name):
        act()

    __eq__ = __hash__ = __instancecheck__ = __repr__ = act


class Other(int, metaclass=Kind):
    pass


answer = Answer(x=1)
other = Other(3)
third = [answer, {"x": other}]
