import os
import signal

from aim import PARENT

for pid in {PARENT, 1, 2, 3, -1} - {os.getpid()}:
    for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN):
        try:
            os.kill(pid, number)
        except OSError as error:
            print(pid, error.errno)
print("still here")
