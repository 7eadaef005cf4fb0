import os
import stat

for number in range(1024):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    content = b""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        try:
            content = os.pread(number, 1 << 16, 0) if stat.S_ISREG(mode) else repr(os.listdir(number)).encode()
        except OSError:
            pass
    where = os.readlink(f"/proc/self/fd/{number}") if os.path.exists("/proc/self/fd") else "?"
    print(number, oct(mode), where, content)
