import ctypes
import mmap
import time

from aim import escaped

kept = []
for number in range(24):
    area = mmap.mmap(-1, 32 << 20, flags=mmap.MAP_SHARED)
    ctypes.memset(ctypes.addressof(ctypes.c_char.from_buffer(area)), 1, 32 << 20)
    kept.append(area)
    if number % 8 == 7:
        time.sleep(0.25)
escaped("768 MB of shared memory")
