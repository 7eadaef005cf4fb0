import ctypes

from aim import call, libc

libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget(0x5151, ctypes.c_size_t(4096), 0o1666)
if segment >= 0:
    ctypes.memmove(libc.shmat(segment, None, 0), b"left", 4)
print(segment, libc.msgget(0x5151, 0o1666), libc.semget(0x5151, 1, 0o1666))
for name, arguments in (("mq_open", (b"left", 0o102, 0o666, 0)), ("add_key", (b"user", b"left", b"left", 4, -4)), ("keyctl", (1, b"left"))):
    try:
        print(name, call(name, *arguments))
    except OSError as error:
        print(name, error.errno)
