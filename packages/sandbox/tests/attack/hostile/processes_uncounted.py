import os
import time

from aim import escaped

made = 0
try:
    while made < 2000:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except OSError as error:
    print(made, error)
time.sleep(0.4)
if made > 256:
    escaped(f"{made} processes at the same time")
