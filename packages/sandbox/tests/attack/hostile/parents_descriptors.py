import os

from aim import HOST, NAMESPACED, PARENT, POOL_FOLDER, VICTIM, escaped, tries


def listed(pid):
    """Tell what can be listed, but for the names 0, 1, 2 of the two that wait in our namespace."""
    try:
        names = sorted(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return
    if names != ["0", "1", "2"] or not NAMESPACED or pid not in (1, 2, 3):
        escaped(f"list {pid}: {names}")


for pid in {PARENT, 1, 2, 3, HOST, VICTIM} - {os.getpid()}:
    listed(pid)
    for number in range(16):
        for flags in (os.O_RDONLY, os.O_WRONLY):
            tries(f"descriptor {number} of {pid}", os.open, f"/proc/{pid}/fd/{number}", flags | os.O_NONBLOCK)
    for name in ("mem", "root", "cwd", "environ", "map_files"):
        tries(f"{name} of {pid}", lambda pid=pid, name=name: os.listdir(f"/proc/{pid}/{name}") if name != "environ" else open(f"/proc/{pid}/environ").read(1))
print(POOL_FOLDER)
