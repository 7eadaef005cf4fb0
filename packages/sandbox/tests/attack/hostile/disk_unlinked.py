import os
import time

from aim import escaped

kept = []
total = 0
for number in range(40):
    descriptor = os.open("f", os.O_CREAT | os.O_RDWR)
    os.unlink("f")
    kept.append(descriptor)
    for _ in range(6):
        total += os.write(descriptor, b"x" * (1 << 20))
    if number % 8 == 7:
        time.sleep(0.15)
time.sleep(0.3)
if total > 200 << 20:
    escaped(f"{total >> 20} MB in files without a name")
