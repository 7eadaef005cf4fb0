import os
import socket

os.mkfifo("pipe")
os.symlink("/dev/zero", "zero")
os.symlink("/dev/stdin", "stdin")
os.symlink("loop", "loop")
os.symlink("/proc/self/fd/0", "zeroth")
try:
    os.mknod("socket", 0o140600)
except OSError as error:
    print(error)
try:
    socket.socket(socket.AF_UNIX).bind("bound")
except OSError as error:
    print(error)
os.mkdir("folder.txt")
with open("holes", "wb") as file:
    file.truncate(15 << 20)
