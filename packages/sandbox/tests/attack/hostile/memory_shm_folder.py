import os

from aim import MARK, escaped

total = 0
try:
    for number in range(64):
        with open(f"/dev/shm/{MARK}-{number}", "wb") as file:
            total += file.write(b"x" * (8 << 20))
except OSError as error:
    print(total, error)
if total > 256 << 20:
    escaped(f"{total >> 20} MB in /dev/shm")
print(os.path.exists("/dev/shm"))
