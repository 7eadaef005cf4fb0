import fcntl
import os

import pandas

kept = [open(pandas.__file__), open(os.__file__)]
for file in kept:
    fcntl.flock(file, fcntl.LOCK_EX)
    for act in (lambda file=file: fcntl.lockf(file, fcntl.LOCK_SH), lambda file=file: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)):
        try:
            act()
        except OSError as error:
            print(error.errno)
try:
    if os.fork() == 0:
        os.setsid()
        import time

        time.sleep(30)
except OSError as error:
    print(error.errno)
