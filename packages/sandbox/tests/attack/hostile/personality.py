import os
import subprocess

from aim import call, libc

for flags in (0x0040000, 0x0400000, 0x0100000, 0x8000000):
    try:
        print(call("personality", flags))
    except OSError as error:
        print(error.errno)
for option, value in ((4, 0), (4, 1), (1, 0), (36, 1), (36, 0), (15, b"kworker/0:1"), (59, 1), (23, 0)):
    print(option, libc.prctl(option, value, 0, 0, 0))
try:
    print(subprocess.run(["/bin/true"], timeout=1).returncode)
except (OSError, subprocess.SubprocessError) as error:
    print(error)
