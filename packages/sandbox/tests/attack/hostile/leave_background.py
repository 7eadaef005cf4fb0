import os
import threading
import time

from aim import MARK

threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
for number in range(3):
    if os.fork() == 0:
        os.setsid()
        if number == 1:
            os.closerange(0, 1024)
        os.execv("/bin/sh", [MARK, "-c", f": {MARK}; sleep 30; :"])
os._exit(0)
