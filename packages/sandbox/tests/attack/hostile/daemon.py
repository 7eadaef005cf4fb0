import os
import time

from aim import MARK

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 1024)
        os.chdir("/")
        os.execv("/bin/sh", [MARK, "-c", f"trap '' 1 2 3 15; : {MARK}; sleep 30; sleep 30"])
    os._exit(0)
os.wait()
time.sleep(0.05)
