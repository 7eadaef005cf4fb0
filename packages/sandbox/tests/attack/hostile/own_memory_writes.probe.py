import re

from aim import escaped

with open("/proc/self/maps") as maps:
    for line in maps:
        if re.search(r"r-xp .*libc|r--p .*libc", line):
            with open(line.split()[-1], "rb") as file:
                if b"LEFT-BY-A-RUN" in file.read():
                    escaped("a shared library was changed")
            break
