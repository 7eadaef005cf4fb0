import os

from aim import MARK, POOL_FOLDER, escaped

for folder in (".", "..", "/tmp", "/dev/shm", "/var/tmp", "/run", "/run/lock", "/dev/mqueue", POOL_FOLDER, os.path.expanduser("~")):
    if os.path.exists(f"{folder}/{MARK}"):
        escaped(f"left in {folder}")
