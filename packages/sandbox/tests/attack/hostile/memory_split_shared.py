import ctypes
import mmap
import os
import time

from aim import escaped

for _ in range(10):
    if os.fork() == 0:
        area = mmap.mmap(-1, 120 << 20)
        ctypes.memset(ctypes.addressof(ctypes.c_char.from_buffer(area)), 1, 120 << 20)
        time.sleep(60)
time.sleep(1.2)
escaped("1.2 GB of shared memory in ten processes")
