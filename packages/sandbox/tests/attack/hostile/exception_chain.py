first, second = ValueError("first"), KeyError("second")
first.__context__, second.__context__ = second, first
first.__cause__ = second
group = BaseExceptionGroup("group", [KeyboardInterrupt(), first])
for _ in range(2000):
    group = BaseExceptionGroup("deeper", [group, ValueError("x")])
long = ValueError("start")
for _ in range(50000):
    following = ValueError("next")
    following.__context__ = long
    long = following
group.__context__ = long
raise group
