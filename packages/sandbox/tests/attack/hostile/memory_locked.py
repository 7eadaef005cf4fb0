import ctypes
import mmap

from aim import escaped, libc

area = mmap.mmap(-1, 16 << 20)
where = ctypes.addressof(ctypes.c_char.from_buffer(area))
if libc.mlock(ctypes.c_void_p(where), ctypes.c_size_t(16 << 20)) == 0:
    escaped("locked 16 MB")
if libc.mlockall(3) == 0:
    escaped("locked everything")
