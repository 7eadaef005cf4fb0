import mmap
import os

descriptor = os.open("m", os.O_RDWR | os.O_CREAT)
os.ftruncate(descriptor, 8 << 20)
area = mmap.mmap(descriptor, 8 << 20)
os.ftruncate(descriptor, 0)
area[4 << 20] = 1
