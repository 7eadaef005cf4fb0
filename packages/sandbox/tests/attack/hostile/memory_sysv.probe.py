import ctypes

from aim import escaped, libc

for number in range(32):
    if libc.shmget(0x7A00 + number, ctypes.c_size_t(0), 0) >= 0:
        escaped("System V memory was left")
