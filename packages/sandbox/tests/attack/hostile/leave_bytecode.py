import os
import py_compile
import sys

from aim import tries

source = "import builtins\nbuiltins.left = True\n"
for name in ("json.py", "sitecustomize.py", "usercustomize.py", "pandas.py", "left.pth"):
    with open(name, "w") as file:
        file.write(source)
tries("bytecode", py_compile.compile, "json.py", os.path.join(os.path.dirname(os.__file__), "__pycache__", "json.pyc"))
home = os.path.expanduser("~/.local/lib/python3.11/site-packages")
try:
    os.makedirs(home)
    open(f"{home}/left.pth", "w").write("import builtins; builtins.left = True\n")
except OSError as error:
    print(error.errno)
sys.path_importer_cache.clear()
