import ctypes
import mmap

from aim import escaped, held, libc

GROWS_DOWN = 0x100
SIZE = 64 << 20
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = (*(ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long),)
FAILED = ctypes.c_void_p(-1).value
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | GROWS_DOWN
taken = 0
while taken < 16 * SIZE:
    area = libc.mmap(None, SIZE, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0)
    if area == FAILED:
        held("memory that grows down", OSError(ctypes.get_errno()))
        break
    taken += SIZE
if taken:
    escaped(f"{taken >> 20} MiB beyond what its data may be")
