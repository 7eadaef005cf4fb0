import os
import time

from aim import escaped

os.mkdir("closed")
kept = [os.open(f"closed/{number}", os.O_CREAT | os.O_RDWR) for number in range(40)]
os.chmod("closed", 0)
total = 0
for number, descriptor in enumerate(kept):
    for _ in range(6):
        total += os.write(descriptor, b"x" * (1 << 20))
    if number % 8 == 7:
        time.sleep(0.2)
escaped(f"{total >> 20} MB in a closed folder")
