class Named(type):
    def __getattribute__(cls, name):
        if name in ("__name__", "__qualname__", "__module__"):
            raise SystemExit(0)
        return type.__getattribute__(cls, name)


class Odd(BaseException, metaclass=Named):
    pass


try:
    raise ValueError
except ValueError as error:
    trace = error.__traceback__
    try:
        trace.tb_next = trace
    except ValueError as refused:
        print(refused)
raise Odd
