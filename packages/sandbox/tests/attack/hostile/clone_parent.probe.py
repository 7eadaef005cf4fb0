import os

from aim import MARK, escaped

own = os.getpid()
for pid in {*range(1, 1000), *range(max(1, own - 2000), own)}:
    try:
        if MARK in open(f"/proc/{pid}/cmdline").read():
            escaped(f"process {pid} was left")
    except OSError:
        pass
