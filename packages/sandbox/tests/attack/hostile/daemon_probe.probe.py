import os
import time

from aim import MARK, escaped

time.sleep(0.05)
if os.path.exists(MARK):
    escaped("a daemon of the run before writes here")
