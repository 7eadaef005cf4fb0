import os

from aim import call, tries

tries("nice", os.nice, -10)
tries("back to 0", os.setpriority, os.PRIO_PROCESS, 0, 0)
tries("fifo", os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(50))
tries("round robin", os.sched_setscheduler, 0, os.SCHED_RR, os.sched_param(1))
tries("real-time disk", call, "ioprio_set", 1, 0, 1 << 13)
