import ctypes
import mmap
import struct

from aim import SECRET_FILE, escaped, held, raw

OPENAT, SOCKET = 18, 45
shape = ctypes.create_string_buffer(120)
try:
    ring = raw(425, 4, shape)
except OSError as error:
    held("ring", error)
else:
    escaped("a ring")
    sq_off = struct.unpack_from("=10I", shape.raw, 40)
    heads = mmap.mmap(ring, 4096)
    entries = mmap.mmap(ring, 4096, offset=0x10000000)
    name = ctypes.create_string_buffer(SECRET_FILE.encode())
    struct.pack_into("=BBHiQQII", entries, 0, OPENAT, 0, 0, -100, 0, ctypes.addressof(name), 0, 0)
    struct.pack_into("=I", heads, sq_off[1], 1)
    print(raw(426, ring, 1, 1, 1, 0, 0))
