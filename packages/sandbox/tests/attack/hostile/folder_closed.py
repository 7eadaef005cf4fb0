import os

open("file", "w").write("x")
os.mkdir("inner")
open("inner/file", "w").write("x")
for path in ("inner/file", "inner", "file", "."):
    os.chmod(path, 0)
