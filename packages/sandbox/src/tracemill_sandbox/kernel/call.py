"""The few Linux calls that Python's ``os`` lacks, each raising OSError with the call's name.

Numbers and layouts are from the kernel's headers (``linux/prctl.h``, ``linux/sched.h``,
``linux/capability.h``). Everywhere but on Linux each of them raises OSError(ENOSYS).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
_MS_BIND = 0x1000
MS_REC_PRIVATE = 0x4000 | (1 << 18)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 22, 36, 38
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}

_LIBC = ctypes.CDLL(None, use_errno=True)


def syscall(name: str, number: int, *arguments: object) -> int:
    """Make a system call by number; ctypes arguments or ints.

    Raises:
        OSError: with the kernel's error number and ``name``.
    """
    if not sys.platform.startswith("linux"):
        raise OSError(errno.ENOSYS, "only Linux has it", name)
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(name, int(_LIBC.syscall(ctypes.c_long(number), *plain)))


def unshare(flags: int) -> None:
    """Move this process (for CLONE_NEWPID: its next child) into new namespaces."""
    _checked("unshare", _call("unshare", ctypes.c_int(flags)))


def setns(descriptor: int, kind: int) -> None:
    """Join the namespace that ``descriptor`` stands for."""
    _checked("setns", _call("setns", ctypes.c_int(descriptor), ctypes.c_int(kind)))


def mount(kind: str | None, target: str, flags: int, options: str = "") -> None:
    """Mount a file system of ``kind`` on ``target``, or change the flags of ``target``."""
    name = None if kind is None else kind.encode()
    code = _call(
        "mount", name, target.encode(), name, ctypes.c_ulong(flags), options.encode() or None
    )
    _checked(f"mount {target}", code)


def bind(source: str, target: str) -> None:
    """Make ``source`` appear at ``target`` as well."""
    code = _call("mount", source.encode(), target.encode(), None, ctypes.c_ulong(_MS_BIND), None)
    _checked(f"mount {target}", code)


def become(uid: int, gid: int) -> None:
    """Take on another user for good (only root can), without supplementary groups."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    set_dumpable(dumpable=True)  # the change of user took our own /proc/self from us


def die_with_parent(signal: int) -> None:
    """Have the kernel send ``signal`` to this process when its parent ends."""
    _prctl("PR_SET_PDEATHSIG", _PR_SET_PDEATHSIG, signal)


def set_dumpable(*, dumpable: bool) -> None:
    """Allow or refuse that processes of the same user read this one's memory."""
    _prctl("PR_SET_DUMPABLE", _PR_SET_DUMPABLE, int(dumpable))


def adopt_orphans() -> None:
    """Become the parent of every orphaned descendant, so that none is out of reach."""
    _prctl("PR_SET_CHILD_SUBREAPER", _PR_SET_CHILD_SUBREAPER, 1)


def no_new_privileges() -> None:
    """Make set-user-id programs run without their privilege, for ever."""
    _prctl("PR_SET_NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def install_filter(program: bytes) -> None:
    """Install a seccomp filter of classic BPF instructions (8 bytes each)."""
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    pointer = ctypes.create_string_buffer(header, len(header))
    _prctl("PR_SET_SECCOMP", _PR_SET_SECCOMP, 2, ctypes.addressof(pointer))


def drop_capabilities() -> None:
    """Give up every capability, in the bounding set as far as the kernel lets us."""
    for capability in range(_LAST_CAPABILITY + 1):
        _call("prctl", ctypes.c_int(_PR_CAPBSET_DROP), ctypes.c_ulong(capability))
    header = ctypes.create_string_buffer(struct.pack("@Ii", _CAPABILITY_VERSION_3, 0), 8)
    nothing = ctypes.create_string_buffer(24)
    number = _SYS_CAPSET.get(os.uname().machine)
    if number is None:
        raise OSError(errno.ENOSYS, f"no known number on {os.uname().machine}", "capset")
    syscall("capset", number, ctypes.byref(header), ctypes.byref(nothing))


def _prctl(name: str, option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    _checked(name, _call("prctl", ctypes.c_int(option), *padded))


def _call(name: str, *arguments: object) -> int:
    function = getattr(_LIBC, name, None)
    if function is None:
        raise OSError(errno.ENOSYS, "the C library lacks it", name)
    return int(function(*arguments))


def _checked(name: str, code: int) -> int:
    if code == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return code
