import atexit
import threading
import time


class Slow:
    def __del__(self):
        time.sleep(10**6)


atexit.register(time.sleep, 10**6)
kept = Slow()
threading.Thread(target=time.sleep, args=(10**6,)).start()
