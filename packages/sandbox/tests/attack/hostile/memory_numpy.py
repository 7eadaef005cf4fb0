import numpy
from aim import escaped

kept = []
try:
    kept.append(numpy.ones(1 << 34))
    escaped("128 GB")
except MemoryError:
    print("refused")
for _ in range(64):
    kept.append(numpy.ones(1 << 21))
escaped("a gigabyte")
