import os
import stat

from aim import tries

places = ("/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/vda", "/dev/sda", "/dev/fuse", "/dev/loop0", "/dev/loop-control", "/dev/vsock", "/dev/net/tun", "/dev/tty", "/dev/ptmx", "/proc/kcore", "/proc/kmsg", "/sys/kernel/debug", "/sys/fs/bpf")
for path in places:
    for flags in (os.O_RDONLY, os.O_RDWR):
        tries(f"{path} {flags}", os.open, path, flags)
for kind, major, minor in ((stat.S_IFBLK, 254, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 1, 3)):
    tries(f"device {major}:{minor}", os.mknod, f"device-{major}-{minor}", 0o600 | kind, os.makedev(major, minor))
