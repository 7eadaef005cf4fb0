import socket

from aim import ABSTRACT, UNIX_DATAGRAM, UNIX_STREAM, tries

for kind in range(1, 8):
    for extra in (0, socket.SOCK_CLOEXEC, socket.SOCK_NONBLOCK):
        try:
            ends = socket.socketpair(socket.AF_UNIX, kind | extra)
        except OSError as error:
            print(kind, extra, error.errno)
            continue
        for target in (UNIX_DATAGRAM, UNIX_STREAM, "\0" + ABSTRACT, "\0" + ABSTRACT + "-datagram"):
            tries(f"kind {kind} turns to {target!r}", ends[1].connect, target)
            try:  # some kinds do not look at the name; the host sees whether it arrives
                print(kind, ends[0].sendto(b"hello", target))
            except OSError as error:
                print(kind, error.errno)
