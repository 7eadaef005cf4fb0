import os

from aim import MARK, escaped

made = 0
try:
    for number in range(20_000):
        os.mknod(f"/dev/shm/{MARK}-{number}")
        made += 1
except OSError as error:
    print(made, error)
if made > 10_000:
    escaped(f"{made} empty files in /dev/shm")
