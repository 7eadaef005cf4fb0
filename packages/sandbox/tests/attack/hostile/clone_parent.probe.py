from aim import MARK, escaped

for pid in range(1, 1 << 15):
    try:
        if MARK in open(f"/proc/{pid}/cmdline").read():
            escaped(f"process {pid} was left")
    except OSError:
        pass
