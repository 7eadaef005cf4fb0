import ctypes
import mmap
import os
import time

from aim import escaped

children = []
for _ in range(10):
    children.append(os.fork())
    if children[-1] == 0:
        area = mmap.mmap(-1, 120 << 20)
        ctypes.memset(ctypes.addressof(ctypes.c_char.from_buffer(area)), 1, 120 << 20)
        time.sleep(60)
time.sleep(1.2)
holding = [child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)]
if holding:
    escaped(f"{len(holding)} processes with 120 MB of shared memory each")
