import queue
import threading
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(8) as pool:
    assert sum(pool.map(lambda number: number * number, range(50))) == 40425
lines = queue.Queue()
threads = [threading.Thread(target=lines.put, args=(n,)) for n in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert lines.qsize() == 8
