import os

from aim import PARENT, call, libc, tries

KINDS = {"user": 0x10000000, "mount": 0x00020000, "net": 0x40000000, "pid": 0x20000000, "ipc": 0x08000000, "uts": 0x04000000, "cgroup": 0x02000000, "time": 0x80}
for name, kind in KINDS.items():
    tries(f"unshare {name}", call, "unshare", kind)
    tries(f"unshare user and {name}", call, "unshare", kind | KINDS["user"])


def cloned(flags):
    child = call("clone", flags | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    return child


for name, kind in KINDS.items():
    if name != "time":
        tries(f"clone {name}", cloned, kind)
        tries(f"clone user and {name}", cloned, kind | KINDS["user"])
for name in ("user", "mnt", "net", "pid"):
    tries(f"setns {name}", lambda name=name: call("setns", os.open(f"/proc/{PARENT}/ns/{name}", 0), 0))
tries("mount", call, "mount", b"tmpfs", b".", b"tmpfs", 0, 0)
tries("pivot", call, "pivot_root", b".", b".")
tries("chroot", os.chroot, ".")
libc.umount2(b"/proc", 2)
