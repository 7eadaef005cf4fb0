from aim import MACHINE, SECRET_FILE, raw, tries

X32 = 0x40000000
if MACHINE == "x86_64":
    for name, number, arguments in (
        ("socket", 41, (2, 1, 0)),
        ("unix socket", 41, (1, 1, 0)),
        ("open", 2, (SECRET_FILE.encode(), 0)),
        ("unshare", 272, (0x10000000,)),
        ("ptrace", 521, (0, 0, 0, 0)),
        ("process_vm_readv", 539, (1, 0, 0, 0, 0, 0)),
        ("io_uring_setup", 425, (8, bytes(120))),
        ("kill", 62, (1, 0)),
    ):
        tries(f"x32 {name}", raw, X32 + number, *arguments)
