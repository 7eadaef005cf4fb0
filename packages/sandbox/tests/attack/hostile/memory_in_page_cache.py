import os
import socket

from aim import escaped


def into_pipe(descriptor):
    os.splice(descriptor, writer, 1, offset_src=0)


def into_socket(descriptor):
    os.sendfile(ours.fileno(), descriptor, 0, 1)


kept = []
held = 0
for _ in range(8):
    reader, writer = os.pipe()
    ours, theirs = socket.socketpair()
    kept += [reader, writer, ours, theirs]
    for _ in range(14):
        for give in (into_pipe, into_socket):
            descriptor = os.open("f", os.O_CREAT | os.O_RDWR | os.O_TRUNC)
            os.write(descriptor, b"x" * (2 << 20))
            try:
                give(descriptor)
                held += 2
            except OSError as error:
                print(error)
            os.ftruncate(descriptor, 0)
            os.close(descriptor)
if held:
    escaped(f"one byte each of blocks with {held} MB")
