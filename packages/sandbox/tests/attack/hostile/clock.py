import os
import time

from aim import tries

for kind in (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC):
    tries("clock", time.clock_settime, kind, 0.0)
open("file", "w").write("x")
for when in (-1, 2**33, 2**62):
    try:
        os.utime("file", ns=(when, when))
    except (OSError, OverflowError) as error:
        print(error)
time.time = time.monotonic = time.perf_counter = lambda: 0.0
