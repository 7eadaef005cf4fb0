import ctypes
import os

from aim import HOST, PARENT, VICTIM, call, tries

mine = ctypes.create_string_buffer(b"x" * 64)
local = (ctypes.c_void_p * 2)(ctypes.addressof(mine), 64)
remote = (ctypes.c_void_p * 2)(0x400000, 64)
for pid in {PARENT, 1, HOST, VICTIM} - {os.getpid()}:
    tries(f"/proc/{pid}/maps", lambda pid=pid: open(f"/proc/{pid}/maps").read())
    for mode in ("rb", "r+b"):
        tries(f"/proc/{pid}/mem {mode}", lambda pid=pid, mode=mode: open(f"/proc/{pid}/mem", mode, 0))
    for name in ("process_vm_readv", "process_vm_writev"):
        tries(f"{name} {pid}", call, name, pid, local, 1, remote, 1, 0)
