import socket

from aim import PORT, tries

FAST_OPEN, FAST_OPEN_CONNECT = 0x20000000, 30
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):

    def sent(family=family, host=host):
        with socket.socket(family) as opened:
            opened.settimeout(0.3)
            return opened.sendto(b"hello", FAST_OPEN, (host, PORT))

    def deferred(family=family, host=host):
        with socket.socket(family) as opened:
            opened.settimeout(0.3)
            opened.setsockopt(socket.IPPROTO_TCP, FAST_OPEN_CONNECT, 1)
            opened.connect((host, PORT))
            return opened.send(b"hello")

    tries(f"first packet to {host}", sent)
    tries(f"deferred to {host}", deferred)
