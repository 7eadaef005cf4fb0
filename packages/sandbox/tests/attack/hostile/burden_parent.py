import os
import resource

from aim import PARENT, call, tries

for kind in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_DATA):
    tries(f"limit {kind}", resource.prlimit, PARENT, kind, (0, 0))
tries("priority", os.setpriority, os.PRIO_PROCESS, PARENT, 19)
tries("processor", os.sched_setaffinity, PARENT, {0})
tries("policy", os.sched_setscheduler, PARENT, os.SCHED_IDLE, os.sched_param(0))
tries("disk priority", call, "ioprio_set", 1, PARENT, 3 << 13)
