import builtins
import json
import os
import sys

import numpy
import pandas
from aim import MARK, escaped

for module in (builtins, numpy, pandas, json, sys):
    if hasattr(module, "left"):
        escaped(f"left in {module.__name__}")
if MARK in str(dict(os.environ)) + str(sys.path) or "left" in sys.modules:
    escaped("left in environment, path or modules")
if sys.getrecursionlimit() == 777 or pandas.DataFrame({"a": [1, 3]}).mean()["a"] != 2:
    escaped("left in the interpreter")
