import ctypes
import os
import time

from aim import MAY_SPAWN, libc

libc.mmap.restype = ctypes.c_void_p
for _ in range(60):
    os.mkdir("\n" * 255)
    os.chdir("\n" * 255)
descriptor = os.open("f", os.O_CREAT | os.O_RDWR)
os.write(descriptor, b"x" * 4096)
if not MAY_SPAWN or os.fork() == 0:
    for _ in range(8000):
        libc.mmap(None, ctypes.c_size_t(4096), 1, 1, descriptor, ctypes.c_long(0))
time.sleep(60)
