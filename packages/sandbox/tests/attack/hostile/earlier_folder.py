import os

from aim import MARK

for number in range(100):
    os.mkdir(f"{MARK}-{number}")
os.chmod(".", 0)
