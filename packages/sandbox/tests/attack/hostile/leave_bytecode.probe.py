import builtins
import json
import os

import pandas
from aim import escaped

if hasattr(builtins, "left") or os.path.exists("sitecustomize.py"):
    escaped("a start-up hook was left")
if "site-packages" not in pandas.__file__ or os.getcwd() in json.__file__:
    escaped("a module was left")
