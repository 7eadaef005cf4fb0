import ctypes
import os

from aim import call, tries


def cloned(flags):
    words = (ctypes.c_uint64 * 11)(flags, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
    child = call("clone3", words, ctypes.sizeof(words))
    if child == 0:
        os._exit(0)
    return child


for flags in (0x10000000, 0x10000000 | 0x40000000, 0x10000000 | 0x00020000, 0x20000000, 0x200000000):
    tries(f"clone3 {flags:#x}", cloned, flags)
