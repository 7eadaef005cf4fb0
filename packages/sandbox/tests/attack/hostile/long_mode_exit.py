import ctypes
import mmap

from aim import MACHINE, escaped

if MACHINE == "x86_64":
    LOW, MAP_32BIT = 0x1000, 0x40
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    place = libc.mmap(None, ctypes.c_size_t(LOW), 7, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_32BIT, -1, 0)
    # push 0x23; push place + 32; retfq  ->  32-bit: mov eax, 20; int 0x80; jmp back by 0x33
    jump = b"\x53\x6a\x23\x68" + (place + 32).to_bytes(4, "little") + b"\x48\xcb"
    narrow = b"\xb8\x14\x00\x00\x00\xcd\x80\x6a\x33\x68" + (place + 64).to_bytes(4, "little") + b"\xcb"
    ctypes.memmove(place, jump, len(jump))
    ctypes.memmove(place + 32, narrow, len(narrow))
    ctypes.memmove(place + 64, b"\x5b\xc3", 2)
    got = ctypes.CFUNCTYPE(ctypes.c_int)(place)()
    if got > 0:
        escaped(f"32-bit getpid said {got}")
