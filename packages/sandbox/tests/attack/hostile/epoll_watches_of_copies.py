import os
import select
import time

from aim import escaped

FIRST, LAST = 168, 250
epolls = [select.epoll() for _ in range(40)]
files = [os.eventfd(0) for _ in range(100)]
watched = 0
for file in files:
    for number in range(FIRST, LAST):
        os.dup2(file, number)
        for epoll in epolls:
            epoll.register(number)
            watched += 1
time.sleep(1.0)
escaped(f"{watched} watches by {LAST} numbers")
