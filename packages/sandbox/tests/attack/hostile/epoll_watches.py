import contextlib
import os
import resource
import select
import time

from aim import escaped

_, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
waker = os.eventfd(0)
watched = 0
epolls = [select.epoll() for _ in range(limit // 2 - 20)]
with contextlib.suppress(OSError):
    copies = [os.dup(waker) for _ in range(limit // 2 - 20)]
for epoll in epolls:
    for copy in copies:
        epoll.register(copy)
        watched += 1
time.sleep(0.3)
escaped(f"{watched} watches of the user's own")
