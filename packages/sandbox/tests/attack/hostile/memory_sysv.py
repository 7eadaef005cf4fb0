import ctypes
import time

from aim import escaped, libc

libc.shmat.restype = ctypes.c_void_p
held = 0
for number in range(32):
    segment = libc.shmget(0x7A00 + number, ctypes.c_size_t(32 << 20), 0o1666)
    if segment < 0:
        break
    where = libc.shmat(segment, None, 0)
    if where in (None, ctypes.c_void_p(-1).value):
        break
    ctypes.memset(where, 1, 32 << 20)
    held += 32
time.sleep(0.3)
if held > 768:
    escaped(f"{held} MB of System V memory")
