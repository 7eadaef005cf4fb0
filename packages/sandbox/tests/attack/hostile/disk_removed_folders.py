import os
import time

from aim import escaped

kept = []
total = 0
name = "{:0>250}".format
while total < 2 << 20:
    os.mkdir("d")
    kept.append(os.open("d", os.O_RDONLY))
    for link in range(1000):
        os.symlink("x", f"d/{name(link)}")
    total += os.fstat(kept[-1]).st_blocks * 512
    for link in range(1000):
        os.unlink(f"d/{name(link)}")
    os.rmdir("d")
    if total == 0:
        print("folders take no room on this disk")
        os._exit(0)
time.sleep(0.6)
escaped(f"{total >> 20} MB in folders that are removed and open")
