import ctypes
import mmap

from aim import MACHINE, escaped

if MACHINE == "x86_64":
    # mov eax, edi; mov ebx, esi; mov ecx, edx; xor edx, edx; int 0x80; ret
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\x53\x89\xf8\x89\xf3\x89\xd1\x31\xd2\xcd\x80\x5b\xc3")
    gate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    # 20 getpid, 310 unshare, 359 socket, 26 ptrace, 425 io_uring_setup
    for number, first, second in ((20, 0, 0), (359, 1, 1), (359, 2, 1), (310, 0x10000000, 0), (26, 0, 0), (425, 8, 0)):
        got = gate(number, first, second)
        if got >= 0:
            escaped(f"int 0x80 number {number}: {got}")
