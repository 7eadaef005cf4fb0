"""The few Linux calls that Python's ``os`` lacks, each raising OSError with the call's name.

Numbers and layouts are from the kernel's headers (``linux/prctl.h``, ``linux/sched.h``,
``linux/capability.h``). Everywhere but on Linux each of them raises OSError(ENOSYS).
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct
import sys
from collections.abc import Callable

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

MOUNT_READ_ONLY, MOUNT_NO_SUID, MOUNT_NO_DEVICES, MOUNT_NO_EXECUTION = 1, 2, 4, 8
_SYS_MOUNT_SETATTR = 442
_HERE, _RECURSIVE, _PRIVATE = -100, 0x8000, 1 << 18

ANSWER = 200
"""Descriptor on which a child of ``refusal_in_child`` answers."""
_WORKED = "+"

_LIBC = ctypes.CDLL(None, use_errno=True)


def syscall(name: str, number: int, *arguments: int | bytes) -> int:
    """Make a system call by number; bytes stand for a pointer to them.

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


def change_mount(
    target: str, *, set_flags: int = 0, clear_flags: int = 0, whole: bool = False
) -> None:
    """Change the flags (``MOUNT_...``) of the mount at ``target`` (from Linux 5.12).

    Args:
        target: Where something is mounted.
        set_flags: To set.
        clear_flags: To take away.
        whole: Change all mounts below it as well, and let none hear of mounts elsewhere.
    """
    attributes = struct.pack("=QQQQ", set_flags, clear_flags, _PRIVATE if whole else 0, 0)
    syscall(
        f"mount_setattr {target}",
        _SYS_MOUNT_SETATTR,
        _HERE,
        target.encode(),
        _RECURSIVE if whole else 0,
        attributes,
        len(attributes),
    )


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
    _, header = filter_header(program)
    _checked("PR_SET_SECCOMP", int(_LIBC.prctl(_PR_SET_SECCOMP, 2, header, 0, 0)))


@functools.cache
def filter_header(program: bytes) -> tuple[object, bytes]:
    """Return a filter's place in memory, to be held, and the structure that points to it.

    Kept, and so made once in the server: every page that a fork changes has to be copied.
    """
    code = ctypes.create_string_buffer(program, len(program))
    return code, struct.pack("@HP", len(program) // 8, ctypes.addressof(code))


def drop_capability_bounds() -> None:
    """Give up every capability that a program file could give back, as far as the kernel lets us.

    Only who has capabilities may: before a change of user.
    """
    prctl = _LIBC.prctl
    for capability in range(_LAST_CAPABILITY + 1):
        if prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) == -1:
            break  # it is the first one that this kernel does not have, or we may drop none


def drop_capabilities() -> None:
    """Give up every capability that this process has."""
    number = _SYS_CAPSET.get(os.uname().machine)
    if number is None:
        raise OSError(errno.ENOSYS, f"no known number on {os.uname().machine}", "capset")
    syscall("capset", number, struct.pack("@Ii", _CAPABILITY_VERSION_3, 0), bytes(24))


def refusal_in_child(act: Callable[[], None]) -> str:
    """Call ``act`` in a child process; returns what the kernel refused, empty if nothing.

    Args:
        act: Raises OSError with the call's name. May fork and go on in the child, as long as the
            parent in between leaves descriptor ``ANSWER`` alone and waits.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, ANSWER, inheritable=False)
        os.closerange(3, ANSWER)
        _answer(act)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read().decode()
    os.waitpid(child, 0)
    return "it ended before it answered" if not said else said.removeprefix(_WORKED)


def _answer(act: Callable[[], None]) -> None:
    try:
        act()
        os.write(ANSWER, _WORKED.encode())
    except OSError as error:
        os.write(ANSWER, f"{error.filename or 'setup'}: {error.strerror}".encode())
    finally:
        os._exit(0)


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
