import os
import resource

from aim import tries

tries("core files", resource.setrlimit, resource.RLIMIT_CORE, (1 << 30, 1 << 30))
os.abort()
