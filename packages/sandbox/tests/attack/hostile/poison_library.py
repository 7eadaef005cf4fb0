import os
import site
import sys

import pandas
from aim import tries

library, package = os.path.dirname(os.__file__), os.path.dirname(pandas.__file__)
places = (f"{package}/__init__.py", f"{package}/extra.py", f"{library}/sitecustomize.py", f"{package}/__pycache__/x.pyc", f"{sys.prefix}/pyvenv.cfg", *(f"{folder}/left.pth" for folder in site.getsitepackages()))
for path in places:
    tries(f"append {path}", open, path, "a")
    tries(f"remove {path}", os.unlink, path)
    tries(f"replace {path}", os.rename, "aim.py", path)
tries("interpreter", open, sys.executable, "r+b")
