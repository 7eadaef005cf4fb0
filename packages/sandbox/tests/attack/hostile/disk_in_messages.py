import array
import os
import socket
import time

from aim import escaped

ours, theirs = socket.socketpair()
ours.setblocking(False)
total = 0
try:
    for number in range(40):
        descriptor = os.open("f", os.O_CREAT | os.O_RDWR)
        os.unlink("f")
        held = array.array("i", [descriptor]).tobytes()
        ours.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, held)])
        for _ in range(6):
            total += os.write(descriptor, b"x" * (1 << 20))
        os.close(descriptor)
        if number % 8 == 7:
            time.sleep(0.15)
except OSError as error:
    print(total, error)
time.sleep(0.3)
if total > 200 << 20:
    escaped(f"{total >> 20} MB in files that only a message holds")
