import ctypes

from aim import raw, tries

tries("ring", raw, 425, 8, ctypes.create_string_buffer(120))
tries("ring with its own poller", raw, 425, 8, ctypes.create_string_buffer(bytes([0] * 8 + [2]), 120))
tries("enter", raw, 426, 3, 1, 0, 0, 0, 0)
tries("register", raw, 427, 3, 0, 0, 0)
tries("register without a ring", raw, 427, -1, 8, 0, 0)
