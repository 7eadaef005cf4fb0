import os
import time

from aim import MARK

if os.fork() == 0:
    os.closerange(0, 1024)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.fork():
            os._exit(0)
        os.setsid()
    os.execv("/bin/sh", [MARK, "-c", f": {MARK}; sleep 30"])
