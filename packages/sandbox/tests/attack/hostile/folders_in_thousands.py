import contextlib
import os
import time

from aim import escaped

with contextlib.suppress(OSError):
    os.fork()
os.mkdir(f"d{os.getpid()}")
os.chdir(f"d{os.getpid()}")
for number in range(6_500):
    os.mkdir(str(number))
    if number % 2:
        os.symlink("x" * 200, f"{number}/a")
time.sleep(2.0)
escaped("thousands of folders, for which the next look takes too long")
