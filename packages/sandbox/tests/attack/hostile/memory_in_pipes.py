import fcntl
import os
import socket

from aim import escaped

total = 0
kept = []
try:
    while True:
        if len(kept) % 2:
            reader, writer = os.pipe()
            fcntl.fcntl(writer, 1031, 1 << 20)
            os.set_blocking(writer, False)
            kept.append((reader, writer))
        else:
            ends = socket.socketpair()
            writer = ends[0].fileno()
            ends[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
            ends[0].setblocking(False)
            kept.append(ends)
        try:
            while True:
                total += os.write(writer, b"x" * (1 << 20))
        except BlockingIOError:
            pass
except OSError as error:
    print(total >> 20, error)
if total > 512 << 20:
    escaped(f"{total >> 20} MB in buffers")
