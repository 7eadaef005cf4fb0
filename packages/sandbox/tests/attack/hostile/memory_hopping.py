import os
import signal
import time

from aim import MACHINE, MAY_SPAWN, call, escaped

SHARED, HELD_UP, BLOCK = 0x100, 0x4000, 1 << 16


def orphan() -> bool:
    """Fork a grandchild that the first process adopts; True in it."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return False
    if os.fork():
        os._exit(0)
    return True


def hop() -> None:
    """Go on in a child that has this process's memory, and end this process, again and again."""
    blocks = []
    end = time.monotonic() + 20
    while time.monotonic() < end:
        before = os.getpid()
        try:
            child = call("clone", SHARED | HELD_UP | signal.SIGCHLD, 0, 0, 0, 0)
        except BlockingIOError:  # those that ended are still to be reaped
            continue
        if child == 0:
            os.kill(before, signal.SIGKILL)
            if len(blocks) * BLOCK < 200 << 20:
                blocks.append(b"x" * BLOCK)
            elif len(blocks) * BLOCK == 200 << 20:
                blocks.append(b"")
                open(f"full{os.getpid()}", "w").close()


if MAY_SPAWN and MACHINE == "x86_64":
    for _ in range(16):
        if orphan():
            time.sleep(60)
    for _ in range(3):
        if orphan():
            hop()
    time.sleep(2.0)
    if len([n for n in os.listdir() if n.startswith("full")]) > 1:
        escaped("600 MB in processes that hop")
    print([n for n in os.listdir() if n.startswith("full")])
