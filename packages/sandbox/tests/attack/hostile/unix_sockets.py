import os
import socket

from aim import ABSTRACT, UNIX_DATAGRAM, UNIX_STREAM, tries

names = (UNIX_STREAM, UNIX_DATAGRAM, "\0" + ABSTRACT, "/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket", "/run/systemd/journal/socket", "/dev/log", "/tmp/.X11-unix/X0")
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):

    def reach(name, kind=kind):
        with socket.socket(socket.AF_UNIX, kind) as opened:
            opened.settimeout(0.3)
            opened.connect(name)

    for name in names:
        tries(f"{kind} {name!r}", reach, name)
os.chdir(os.path.dirname(UNIX_STREAM))
tries("by a short name", reach, os.path.basename(UNIX_STREAM))
