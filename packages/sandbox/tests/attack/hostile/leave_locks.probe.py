import fcntl
import os

import pandas
from aim import escaped

for path in (pandas.__file__, os.__file__):
    try:
        fcntl.flock(open(path), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        escaped(f"a lock on {path} was left")
