import os
import signal

from aim import PARENT

for pid in (PARENT, 1, 2, 0, -1):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL):
        try:
            if pid != 0:
                os.kill(pid, number)
        except OSError as error:
            print(pid, error.errno)
os.killpg(os.getpgrp(), signal.SIGKILL)
