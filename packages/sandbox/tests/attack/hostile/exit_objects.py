import sys


class Code(int):
    def __and__(self, other):
        raise RuntimeError

    __rand__ = __int__ = __index__ = __bool__ = __str__ = __repr__ = __and__


try:
    sys.exit([1, 2])
except SystemExit:
    raise SystemExit(Code(5)) from None
