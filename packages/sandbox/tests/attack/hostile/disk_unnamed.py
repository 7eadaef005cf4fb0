import os
import time

from aim import escaped

kept = []
total = 0
for number in range(40):
    kept.append(os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600))
    os.posix_fallocate(kept[-1], 0, 6 << 20)
    total += 6 << 20
    if number % 8 == 7:
        time.sleep(0.15)
time.sleep(0.3)
if total > 200 << 20:
    escaped(f"{total >> 20} MB in unnamed files")
