import os
import time

from aim import escaped

made = 0
while made < 12:
    if os.fork() == 0:
        block = bytearray(b"x" * (120 << 20))
        time.sleep(60)
    made += 1
time.sleep(1.2)
escaped("1.4 GB in twelve processes")
