import os
import time

from aim import escaped

for _ in range(120):
    os.mkdir("d" * 60)
    os.chdir("d" * 60)
total = 0
for number in range(40):
    with open(f"f{number}", "wb", buffering=0) as file:
        for _ in range(6):
            total += file.write(b"x" * (1 << 20))
    if number % 8 == 7:
        time.sleep(0.2)
escaped(f"{total >> 20} MB beneath a long path")
