import os
import time

made = 0
try:
    while made < 8 and os.fork():
        made += 1
except OSError:
    pass
while True:
    time.sleep(0)
