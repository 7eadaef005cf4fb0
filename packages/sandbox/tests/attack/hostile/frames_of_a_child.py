import os

answer = 1
try:
    if os.fork() == 0:
        answer = 2
    else:
        os.wait()
        answer = 3
except OSError:
    pass
