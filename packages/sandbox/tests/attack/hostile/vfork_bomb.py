import os

while True:
    try:
        os.posix_spawn("/bin/sh", ["sh", "-c", "sleep 60 & sleep 60"], {})
    except OSError:
        pass
