import threading
import time

from aim import escaped

count = 0
try:
    while count < 20000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        count += 1
    escaped("no limit of threads")
except (RuntimeError, MemoryError) as error:
    print(count, error)
