import builtins
import json
import os
import sys

import numpy
import pandas
from aim import MARK

builtins.left = numpy.left = pandas.left = json.left = sys.left = MARK
os.environ["LEFT"] = MARK
os.putenv("LEFT", MARK)
sys.path.insert(0, f"/{MARK}")
sys.modules["left"] = sys
pandas.DataFrame.mean = lambda *words: 41
numpy.random.seed(1)
sys.setrecursionlimit(777)
sys.meta_path.insert(0, object())
os.umask(0)
