import os

from aim import MARK, POOL_FOLDER

for folder in (".", "..", "/tmp", "/dev/shm", "/var/tmp", "/run", "/run/lock", "/dev/mqueue", POOL_FOLDER, os.path.expanduser("~")):
    try:
        with open(f"{folder}/{MARK}", "w") as file:
            file.write(MARK)
    except OSError as error:
        print(folder, error.errno)
