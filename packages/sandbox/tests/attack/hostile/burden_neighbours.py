import os
import resource

from aim import HOST, VICTIM, call


def attempt(act, *arguments):
    try:
        print(act.__name__, act(*arguments))
    except (OSError, ValueError) as error:
        print(act.__name__, error)


for pid in (VICTIM, HOST):
    attempt(os.setpriority, os.PRIO_PROCESS, pid, 19)
    attempt(os.setpriority, os.PRIO_PGRP, pid, 19)
    attempt(os.sched_setaffinity, pid, {0})
    attempt(os.sched_setscheduler, pid, os.SCHED_IDLE, os.sched_param(0))
    attempt(resource.prlimit, pid, resource.RLIMIT_NOFILE, (3, 3))
    attempt(resource.prlimit, pid, resource.RLIMIT_CPU, (0, 0))
    attempt(call, "ioprio_set", 1, pid, 3 << 13)
    attempt(os.setpgid, pid, pid)
for uid in (os.getuid(), 0, 65534):
    attempt(os.setpriority, os.PRIO_USER, uid, 19)
