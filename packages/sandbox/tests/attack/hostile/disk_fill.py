import os

from aim import MARK, escaped

total = 0
for folder in (".", "/tmp", "/dev/shm", "/var/tmp", "/run", "/run/lock"):
    try:
        for number in range(40):
            with open(f"{folder}/{MARK}-{number}", "wb") as file:
                for _ in range(8):
                    total += file.write(os.urandom(1 << 20))
    except OSError as error:
        print(folder, total >> 20, error.errno)
if total > 256 << 20:
    escaped(f"{total >> 20} MB on the disk")
