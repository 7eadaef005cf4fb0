import os

from aim import tries


def grown(size):
    with open("big", "wb") as file:
        return file.truncate(size)


tries("a terabyte", grown, 1 << 40)
tries("allocation", lambda: os.posix_fallocate(os.open("b", os.O_RDWR | os.O_CREAT), 0, 8 << 30))
tries("a far byte", lambda: os.pwrite(os.open("c", os.O_RDWR | os.O_CREAT), b"x", 1 << 40))
