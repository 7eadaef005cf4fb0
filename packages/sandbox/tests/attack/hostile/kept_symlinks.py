import os

from aim import HOST_FOLDER, SECRET_FILE

os.symlink(SECRET_FILE, "answer.txt")
os.symlink(os.path.dirname(SECRET_FILE), "folder")
os.symlink(HOST_FOLDER, "canary")
os.symlink("/proc/self/environ", "environ")
os.symlink("answer.txt", "twice.txt")
os.symlink("/etc/passwd", "passwd")
os.symlink("../" * 20 + SECRET_FILE, "relative")
os.mkdir("inner")
os.symlink(SECRET_FILE, "inner/file")
