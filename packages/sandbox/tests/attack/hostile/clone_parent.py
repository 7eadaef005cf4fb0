import os
import time

from aim import MARK, MAY_SPAWN, call, escaped, held

CLONE_VM, CLONE_VFORK, CLONE_PARENT, CLONE_UNTRACED, CLONE_IO = 0x100, 0x4000, 0x8000, 0x800000, 0x80000000
for flags in (CLONE_PARENT | 17, CLONE_PARENT, CLONE_UNTRACED | 17, CLONE_IO | 17, CLONE_VFORK | 17, 17, 0):
    try:
        child = call("clone", flags, 0, 0, 0, 0)
    except OSError as error:
        held(f"{flags:#x}", error)
        continue
    if child == 0:
        if flags & CLONE_PARENT:
            os.setsid()
            os.execv("/bin/sh", [MARK, "-c", f": {MARK}; sleep 30; :"])
        os._exit(0)
    if not MAY_SPAWN:
        escaped(f"a process by clone {flags:#x}")
time.sleep(0.05)
