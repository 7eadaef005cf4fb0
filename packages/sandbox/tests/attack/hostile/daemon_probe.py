import os
import time

from aim import MARK, POOL_FOLDER

if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for folder, _, _ in os.walk(POOL_FOLDER):
            try:
                open(f"{folder}/{MARK}", "w").close()
            except OSError:
                pass
        time.sleep(0.005)
