sources = ("(" * 5000, "x = (" * 90, b"# -*- coding: utf-7 -*-\n+AAo-", b"\xff\xfex", "a\0b", "\ud800", "if x:\n" * 200, "\t" * 100000 + "x", "f'" + "{" * 300, "x" * 10_000_000)
for source in sources:
    try:
        exec(compile(source, "odd", "exec"))
    except (SyntaxError, ValueError, MemoryError, RecursionError, NameError, OverflowError) as error:
        print(type(error).__name__)
