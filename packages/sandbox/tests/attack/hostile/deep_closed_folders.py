import os

for number in range(40):
    os.mkdir("inner")
    open("inner/file", "w").write("x")
    os.chdir("inner")
for _ in range(40):
    os.chmod(".", 0)
    try:
        os.chdir("..")
    except OSError:
        break
