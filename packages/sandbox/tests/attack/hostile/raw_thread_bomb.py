import ctypes
import time

from aim import escaped

libc = ctypes.CDLL(None)
RUN = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
sleep = ctypes.cast(libc.pause, ctypes.c_void_p)
count = 0
while count < 20000 and libc.pthread_create(ctypes.byref(ctypes.c_ulong()), None, sleep, None) == 0:
    count += 1
print(count)
if count == 20000:
    escaped("no limit of threads")
time.sleep(0.1)
