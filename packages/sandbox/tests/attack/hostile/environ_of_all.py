import glob
import os

print(dict(os.environ))
for path in sorted({*glob.glob("/proc/[0-9]*/environ"), *(f"/proc/{pid}/environ" for pid in range(1, 40))}):
    try:
        print(path, open(path, "rb").read())
    except OSError as error:
        print(path, error.errno)
