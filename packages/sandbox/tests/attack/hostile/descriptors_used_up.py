import os

from aim import escaped

kept = []
try:
    while len(kept) < 100000:
        kept.append(os.open("/dev/null", os.O_RDONLY))
    escaped("no limit of files")
except OSError as error:
    print(len(kept), error.errno)
