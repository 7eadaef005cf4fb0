import array
import socket

for _ in range(50):
    one, two = socket.socketpair()
    three, four = socket.socketpair()
    for giver, given in ((one, four), (three, two), (one, one), (two, two)):
        try:
            giver.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [given.fileno()]).tobytes())])
        except OSError as error:
            print(error.errno)
            break
    for end in (one, two, three, four):
        end.close()
