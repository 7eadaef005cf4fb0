import os

from aim import escaped

for folder in range(100):
    os.mkdir(f"d{folder}")
    for number in range(1000):
        os.close(os.open(f"d{folder}/{number}", os.O_CREAT))
escaped("a hundred thousand files")
