import ctypes
import fcntl
import os
import signal
import time

from aim import PARENT, call, libc

for number in (signal.SIGSTOP, signal.SIGKILL, signal.SIGCHLD, signal.SIGALRM):
    for act in (
        lambda: signal.pidfd_send_signal(os.pidfd_open(PARENT), number),
        lambda: call("rt_sigqueueinfo", PARENT, number, bytes(128)),
        lambda: call("tkill", PARENT, number),
        lambda: call("tgkill", PARENT, PARENT, number),
    ):
        try:
            act()
        except OSError as error:
            print(number, error.errno)
reader, writer = os.pipe()
for command, argument in ((8, PARENT), (10, signal.SIGKILL)):
    try:
        fcntl.fcntl(reader, command, argument)
    except OSError as error:
        print(command, error.errno)
try:
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writer, b"x")
except OSError as error:
    print(error.errno)
libc.prctl(1, signal.SIGKILL, 0, 0, 0)
print(ctypes.get_errno())
time.sleep(0.05)
