import ctypes
import os

from aim import escaped, libc

KEEP_SIZE, PART = 1, (1 << 20) - 4096
descriptor = os.open("f", os.O_CREAT | os.O_RDWR)
for mode in (0, KEEP_SIZE):
    for size in (4096, PART):
        if libc.fallocate(descriptor, mode, ctypes.c_long(0), ctypes.c_long(size)) == 0:
            escaped(f"{size} bytes without writing, mode {mode}")
os.posix_fallocate(descriptor, 0, 1 << 16)
print(os.fstat(descriptor).st_blocks * 512)
