import os
import time

answer = "true"
for number in range(3, 1024):
    try:
        os.dup(number)
    except OSError:
        pass
if os.fork() == 0:
    time.sleep(30)
os._exit(0)
