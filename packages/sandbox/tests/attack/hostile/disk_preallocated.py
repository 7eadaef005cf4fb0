import contextlib
import ctypes
import os
import time

from aim import escaped, libc

KEEP_SIZE, SIZE = 1, 256 << 20
descriptor = os.open("f", os.O_CREAT | os.O_RDWR)
got = libc.fallocate(descriptor, KEEP_SIZE, ctypes.c_long(0), ctypes.c_long(SIZE))
taken = os.fstat(descriptor).st_blocks * 512
if taken > 64 << 20:
    escaped(f"{taken >> 20} MB at once")
print(got, os.strerror(ctypes.get_errno()))
os.posix_fallocate(descriptor, 0, 1 << 19)
print(os.fstat(descriptor).st_size)
for number in range(1000):
    other = os.open(str(number), os.O_CREAT | os.O_RDWR)
    with contextlib.suppress(OSError):
        os.posix_fallocate(other, 0, 15 << 20)
        escaped("15 MB at once")
    for part in range(15):
        os.posix_fallocate(other, part << 20, (1 << 20) - 1)
    os.close(other)
time.sleep(0.5)
escaped("15 GB in a thousand files")
