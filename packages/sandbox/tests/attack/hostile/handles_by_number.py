import ctypes
import os

from aim import SECRET_FILE, call, tries

handle = ctypes.create_string_buffer(b"\x80\x00\x00\x00", 200)
mount = ctypes.c_int()
try:
    call("name_to_handle_at", -100, SECRET_FILE.encode(), handle, ctypes.byref(mount), 0)
except OSError as error:
    print(error.errno)
tries("by number", call, "open_by_handle_at", os.open("/", os.O_PATH), handle, 0)
tries("by number, here", call, "open_by_handle_at", os.open(".", os.O_RDONLY), handle, 0)
