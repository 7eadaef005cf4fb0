import os
import signal

from aim import HOST, VICTIM, call, tries

for pid in (VICTIM, HOST):
    for number in (0, signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        tries(f"kill {pid} {number}", os.kill, pid, number)
    tries(f"group of {pid}", os.killpg, pid, signal.SIGKILL)
    tries(f"thread of {pid}", call, "tgkill", pid, pid, signal.SIGKILL)
    tries(f"old thread call {pid}", call, "tkill", pid, signal.SIGKILL)
    tries(f"by handle {pid}", lambda pid=pid: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL))
    tries(f"queued {pid}", call, "rt_sigqueueinfo", pid, signal.SIGKILL, bytes(128))
