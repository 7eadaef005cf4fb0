import ctypes
import os
import time

from aim import escaped, libc

libc.mmap.restype = ctypes.c_void_p
nothing = ctypes.c_void_p(-1).value
total = 0
for number in range(40):
    descriptor = os.open("f", os.O_CREAT | os.O_RDWR)
    os.unlink("f")
    for _ in range(6):
        total += os.write(descriptor, b"x" * (1 << 20))
    # By the C library: a mapping of Python's keeps a descriptor of its own.
    page = libc.mmap(None, ctypes.c_size_t(4096), 1, 1 + number % 2, descriptor, ctypes.c_long(0))
    assert page not in (None, nothing)
    os.close(descriptor)
    if number % 8 == 7:
        time.sleep(0.15)
time.sleep(0.6)
if total > 200 << 20:
    escaped(f"{total >> 20} MB in files that only a page in memory holds")
