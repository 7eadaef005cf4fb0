import os

from aim import HOST, PARENT, VICTIM, call, tries

ATTACH, SEIZE = 16, 0x4206
for pid in {PARENT, 1, HOST, VICTIM} - {os.getpid()}:
    tries(f"attach {pid}", call, "ptrace", ATTACH, pid, 0, 0)
    tries(f"seize {pid}", call, "ptrace", SEIZE, pid, 0, 0)
    for number in range(8):
        tries(f"descriptor {number} of {pid}", lambda pid=pid, n=number: call("pidfd_getfd", os.pidfd_open(pid), n, 0))
    tries(f"comparing with {pid}", call, "kcmp", os.getpid(), pid, 0, 0, 0)
