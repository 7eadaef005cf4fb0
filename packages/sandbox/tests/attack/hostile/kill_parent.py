import os
import signal

from aim import PARENT

for pid in {PARENT, 1, 2, 3, -1} - {os.getpid()}:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError as error:
            print(pid, error.errno)
os.killpg(os.getpgrp(), signal.SIGKILL)
