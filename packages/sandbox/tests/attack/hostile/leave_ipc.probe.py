import ctypes

from aim import call, escaped, libc

for name, found in (("memory", libc.shmget(0x5151, ctypes.c_size_t(4096), 0)), ("queue", libc.msgget(0x5151, 0)), ("semaphore", libc.semget(0x5151, 1, 0))):
    if found >= 0:
        escaped(f"left: {name}")
for name, arguments in (("mq_open", (b"left", 0, 0, 0)), ("request_key", (b"user", b"left", 0, 0))):
    try:
        escaped(f"left: {name} {call(name, *arguments)}")
    except OSError as error:
        print(name, error.errno)
