import os
import time

os.write(1, b"\xf0\x9f")
os.write(2, b"x" * 65535)
time.sleep(60)
