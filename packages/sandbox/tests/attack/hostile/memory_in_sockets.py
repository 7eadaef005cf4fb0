import os
import socket
import time

from aim import escaped


def fill():
    held = 0
    try:
        for _ in range(28):
            ends = socket.socketpair()
            kept.append(ends)
            for end in ends:
                end.setblocking(False)
                try:
                    while True:
                        held += end.send(b"x" * (1 << 15))
                except BlockingIOError:
                    pass
    except OSError as error:
        print(error)
    return held


kept = []
children = []
held = 0
reader, writer = os.pipe()
for _ in range(24):
    children.append(os.fork())
    if children[-1] == 0:
        os.write(writer, fill().to_bytes(8, "big"))
        time.sleep(60)
        os._exit(0)
for _ in children:
    held += int.from_bytes(os.read(reader, 8), "big")
time.sleep(0.4)
if held > 200 << 20:
    escaped(f"{held >> 20} MB in sockets")
