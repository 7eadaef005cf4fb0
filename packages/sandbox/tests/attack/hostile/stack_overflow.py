import sys
import threading

sys.setrecursionlimit(1 << 30)
threading.stack_size(256 << 20)


def fall(depth):
    return [fall(depth + 1) for _ in (1,)]


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


try:
    Deep().x
except BaseException as error:
    print(type(error))
fall(0)
