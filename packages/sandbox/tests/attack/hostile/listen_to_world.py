import socket

from aim import NAMESPACED, escaped, held


def listening(family, bind, protocol=0):
    opened = socket.socket(family, socket.SOCK_STREAM, protocol)
    if bind:
        opened.bind(("", 0))
    opened.listen()
    return opened.getsockname()


for family in (socket.AF_INET, socket.AF_INET6):
    for bind in (True, False):
        for protocol in (0, 262):
            try:
                name = listening(family, bind, protocol)
            except OSError as error:
                held("listening", error)
            else:
                print("listening", name)
                if not NAMESPACED:  # in a network of its own nobody hears it
                    escaped("a port of the host")
