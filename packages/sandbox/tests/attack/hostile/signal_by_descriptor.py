import ctypes
import fcntl
import os
import signal
import time

from aim import HOST, VICTIM, libc

F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
for pid in (VICTIM, HOST):
    reader, writer = os.pipe()
    try:
        fcntl.fcntl(reader, F_SETOWN, pid)
        fcntl.fcntl(reader, F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        libc.fcntl(reader, F_SETOWN_EX, (ctypes.c_int * 2)(1, pid))
        os.write(writer, b"x")
    except OSError as error:
        print(pid, error.errno)
time.sleep(0.05)
