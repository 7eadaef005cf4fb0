import os

os.write(1, b"a" * (3 << 20))
