import socket
import struct

from aim import UDP_PORT

query = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\x07example\x03com\x00" + struct.pack(">2H", 1, 1)
for family, host, port in ((socket.AF_INET, "127.0.0.1", UDP_PORT), (socket.AF_INET6, "::1", UDP_PORT), (socket.AF_INET, "127.0.0.53", 53), (socket.AF_INET, "255.255.255.255", 9)):
    for protocol in (0, 136):
        try:
            with socket.socket(family, socket.SOCK_DGRAM, protocol) as opened:
                print(host, opened.sendto(query, (host, port)))
        except OSError as error:
            print(host, error.errno)
try:
    print(socket.getaddrinfo("example.com", 80))
except OSError as error:
    print(error)
