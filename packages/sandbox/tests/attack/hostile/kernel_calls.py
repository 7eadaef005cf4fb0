import ctypes

from aim import call, tries

zero = ctypes.create_string_buffer(256)
for name, arguments in (
    ("bpf", (0, zero, 128)),
    ("perf_event_open", (zero, 0, -1, -1, 0)),
    ("userfaultfd", (1,)),
    ("keyctl", (0, -3, 1)),
    ("add_key", (b"user", b"x", b"y", 1, -1)),
    ("init_module", (zero, 256, b"")),
    ("kexec_load", (0, 0, 0, 0)),
    ("reboot", (0xFEE1DEAD, 672274793, 0, 0)),
    ("swapoff", (b"/swap",)),
    ("acct", (b"x",)),
    ("syslog", (3, zero, 256)),
    ("clock_settime", (0, zero)),
    ("sethostname", (b"x", 1)),
    ("fanotify_init", (0, 0)),
    ("open_by_handle_at", (-100, zero, 0)),
    ("mount_setattr", (-100, b"/", 0, zero, 32)),
    ("fsopen", (b"tmpfs", 0)),
    ("quotactl", (0, 0, 0, 0)),
):
    tries(name, call, name, *arguments)
