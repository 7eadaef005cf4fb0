import os
import time

from aim import escaped

os.makedirs("d/x")
held = os.open("d/x", os.O_RDONLY)
os.rmdir("d/x")
way = ["above" + "/e" * depth for depth in range(58)]
removed, began = 0, time.monotonic()
while time.monotonic() - began < 0.8:
    os.makedirs(way[-1])
    os.rename("d", f"{way[-1]}/d")
    os.rmdir(f"{way[-1]}/d")
    for above in reversed(way[1:]):
        os.rmdir(above)
        removed += 1
    os.rename(way[0], "d")
escaped(f"{removed} removed folders behind one descriptor")
