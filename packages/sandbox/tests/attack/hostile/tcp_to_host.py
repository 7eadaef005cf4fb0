import socket

from aim import PORT, tries

for host in ("127.0.0.1", "localhost", "0.0.0.0", "::1", "::ffff:127.0.0.1", socket.gethostname()):
    tries(f"tcp {host}", socket.create_connection, (host, PORT), 0.3)


def quick(flags):
    with socket.socket() as opened:
        opened.settimeout(0.3)
        opened.setblocking(bool(flags))
        opened.connect(("127.0.0.1", PORT))


tries("tcp without waiting", quick, 0)
