import os
import signal

from aim import NAMESPACED, PARENT, call, held, tries

own = {os.getpid(), os.getpgrp()}
for pid in {1, 2, 3, PARENT} - own if NAMESPACED else ():
    for name in ("root", "cwd", "exe", "fd/0", "fd/1", "ns/user", "ns/mnt", "ns/pid", "mem", "environ", "auxv"):
        tries(f"{name} of {pid}", os.open, f"/proc/{pid}/{name}", os.O_RDONLY)
    for name in ("oom_score_adj", "comm", "clear_refs", "coredump_filter", "uid_map", "setgroups", "fd/0"):
        tries(f"writing {name} of {pid}", os.open, f"/proc/{pid}/{name}", os.O_WRONLY)
    for kind in ("user", "mnt"):
        tries(f"joining {kind} by a handle of {pid}", lambda pid=pid: call("setns", os.pidfd_open(pid), 0x10000000))
    tries(f"its descriptor, {pid}", lambda pid=pid: call("pidfd_getfd", os.pidfd_open(pid), 0, 0))
for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGCHLD, signal.SIGKILL):
    for pid in {1, 2, 3} - own:
        try:
            os.kill(pid, number)
        except OSError as error:
            held(f"{number} to {pid}", error)
