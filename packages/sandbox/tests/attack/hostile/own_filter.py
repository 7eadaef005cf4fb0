import ctypes
import struct

from aim import call

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
program = struct.pack("=HBBI", LOAD, 0, 0, 0)
program += struct.pack("=HBBI", EQUAL, 0, 1, 60) + struct.pack("=HBBI", RETURN, 0, 0, 0x00050000)
program += struct.pack("=HBBI", EQUAL, 0, 1, 231) + struct.pack("=HBBI", RETURN, 0, 0, 0x00050000)
program += struct.pack("=HBBI", RETURN, 0, 0, 0x7FFF0000)
code = ctypes.create_string_buffer(program, len(program))
header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
for flags in (8, 0):
    try:
        print(call("seccomp", 1, flags, header))
    except OSError as error:
        print(error.errno)
