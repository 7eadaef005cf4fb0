import os
import threading

from aim import SECRET_FILE

os.mkdir("inner")
open("inner/file", "w").write("mine")
os.symlink(os.path.dirname(SECRET_FILE), "other")
os.symlink(SECRET_FILE, "link")
open("plain", "w").write("mine")


def swap():
    while True:
        for one, two in (("inner", "other"), ("link", "plain")):
            os.rename(one, "t")
            os.rename(two, one)
            os.rename("t", two)


try:
    if os.fork() == 0:
        swap()
except OSError:
    threading.Thread(target=swap, daemon=True).start()
for _ in range(300):
    os.sched_yield()
