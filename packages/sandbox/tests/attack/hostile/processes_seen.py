import os

from aim import HOST, VICTIM, tries

for pid in (HOST, VICTIM):
    for name in ("cmdline", "comm", "stat", "status", "maps", "mountinfo", "cgroup", "limits", "syscall", "wchan"):
        tries(f"{name} of {pid}", lambda path=f"/proc/{pid}/{name}": open(path).read())
    for name in ("cwd", "exe", "root", "ns/net"):
        tries(f"{name} of {pid}", os.readlink, f"/proc/{pid}/{name}")
    tries(f"descriptors of {pid}", os.listdir, f"/proc/{pid}/fd")
