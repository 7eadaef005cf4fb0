import os
import time

from aim import escaped

kept = []
for number in range(40):
    descriptor = os.memfd_create(f"m{number}")
    for _ in range(12):
        os.write(descriptor, b"x" * (1 << 20))
    kept.append(descriptor)
    if number % 8 == 7:
        time.sleep(0.1)
total = sum(os.fstat(one).st_size for one in kept)
time.sleep(0.3)
if total > 400 << 20:
    escaped(f"{total >> 20} MB in memory files")
