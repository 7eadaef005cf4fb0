import os

for _ in range(1500):
    os.mkdir("d" * 50)
    os.chdir("d" * 50)
open("bottom", "w").write("x")
