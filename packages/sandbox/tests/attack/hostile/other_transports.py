import socket

from aim import PORT, tries

MPTCP, SCTP, SMC = 262, 132, 43


def reach(family, protocol):
    with socket.socket(family, socket.SOCK_STREAM, protocol) as opened:
        opened.settimeout(0.3)
        opened.connect(("127.0.0.1", PORT))


tries("multipath TCP", reach, socket.AF_INET, MPTCP)
tries("SCTP", reach, socket.AF_INET, SCTP)
tries("SMC", reach, SMC, 0)
