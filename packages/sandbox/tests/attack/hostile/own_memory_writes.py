import ctypes
import re

with open("/proc/self/maps") as maps:
    lines = [line for line in maps if re.search(r"r-xp .*libc|r--p .*libc", line)]
try:
    with open("/proc/self/mem", "r+b", 0) as memory:
        for line in lines[:2]:
            memory.seek(int(line.split("-")[0], 16))
            memory.write(b"LEFT-BY-A-RUN")
except OSError as error:
    print(error.errno)
print(ctypes.sizeof(ctypes.c_void_p))
