import socket

from aim import NAMESPACED, escaped, held

RAW = socket.SOCK_RAW
kinds = {
    "icmp": (2, RAW, 1),
    "ping": (2, socket.SOCK_DGRAM, 1),
    "packet": (17, RAW, 0),
    "netlink": (16, RAW, 0),
    "audit": (16, RAW, 9),
    "vsock": (40, 1, 0),
    "crypto": (38, 5, 0),
    "bluetooth": (31, 3, 0),
    "can": (29, 3, 1),
    "tipc": (30, 1, 0),
    "rds": (21, 5, 0),
    "xdp": (44, 3, 0),
    "kcm": (41, 5, 0),
    "key": (15, 3, 2),
    "qipcrtr": (42, 2, 0),
}
for name, (family, kind, protocol) in kinds.items():
    try:
        socket.socket(family, kind, protocol).close()
    except OSError as error:
        held(name, error)
    else:
        if not (NAMESPACED and name == "ping"):
            escaped(f"a socket: {name}")
