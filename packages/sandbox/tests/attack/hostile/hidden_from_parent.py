import os
import time

from aim import libc

libc.prctl(4, 0, 0, 0, 0)
libc.prctl(15, b"init", 0, 0, 0)
try:
    os.setpgid(0, 0)
except OSError as error:
    print(error.errno)
if os.fork() == 0:
    os.setsid()
    libc.prctl(4, 0, 0, 0, 0)
    libc.prctl(36, 1, 0, 0, 0)
    if os.fork() == 0:
        time.sleep(30)
    os.wait()
