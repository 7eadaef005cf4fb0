import os
import threading
import time

from aim import escaped, libc

total = 0


def hold():
    global total
    if libc.syscall(436, 1000, 1000, 2):  # close_range: descriptors of its own from here on
        print("refused")
        return
    for _ in range(3):
        descriptor = os.open(f"{threading.get_ident()}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"{threading.get_ident()}")
        for _ in range(14):
            total += os.write(descriptor, b"x" * (1 << 20))
    time.sleep(60)


for number in range(6):
    threading.Thread(target=hold, daemon=True).start()
    time.sleep(0.1)
time.sleep(0.5)
if total > 200 << 20:
    escaped(f"{total >> 20} MB in files that only threads hold")
