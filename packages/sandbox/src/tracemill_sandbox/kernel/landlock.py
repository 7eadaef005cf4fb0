"""Landlock: the kernel lets the run's process open only what is listed, for ever.

Layouts and bits are from ``linux/landlock.h``. What an older kernel does not know is left out:
ABI 2 adds moving files between folders, ABI 3 truncating, ABI 4 TCP, ABI 5 device controls, ABI 6
signals and abstract unix sockets outside the run.

It does not cover, in any version: looking whether a path exists and at its size, owner and times
(``stat``, ``access``, ``readlink``, ``chdir``); changing modes, owners, times and attributes of
files that the run's user owns; locks and leases; connecting to unix sockets by path; UDP and all
other sockets; mapping a file as executable memory that may be read. Read-only mounts or a user of
the run's own, and the seccomp filter, see to these.
"""

from __future__ import annotations

import os
import struct

from tracemill_sandbox.kernel.call import syscall

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHARACTER_DEVICE, _MAKE_SOCKET, _MAKE_BLOCK_DEVICE = 1 << 6, 1 << 9, 1 << 11
_TRUNCATE, _IOCTL_DEVICE = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_READ = _READ_FILE | _READ_DIR
_NEVER_WRITABLE = _MAKE_CHARACTER_DEVICE | _MAKE_SOCKET | _MAKE_BLOCK_DEVICE | _IOCTL_DEVICE

_FS_BITS_BY_ABI = ((5, 16), (3, 15), (2, 14), (1, 13))
_NET_ALL, _SCOPE_ALL = 0b11, 0b11
TRUNCATION_ABI, SIGNALS_ABI = 3, 6
"""First versions that hold truncating by path, and signals to processes outside."""


def abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    try:
        return syscall("landlock_create_ruleset", _CREATE, 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def restrict(
    *, readable: tuple[str, ...], writable: tuple[str, ...], executable: tuple[str, ...] = ()
) -> None:
    """Confine this process and all its children; ``no_new_privileges`` must have been called.

    Nothing is both writable and executable. Paths that are missing are left out.

    Args:
        readable: Files and folders to read.
        writable: Files and folders to read, write and create in (no device nodes, no sockets).
        executable: Files and folders to read and execute.

    Raises:
        OSError: if the kernel refuses.
    """
    version = abi()
    known = (1 << next((bits for least, bits in _FS_BITS_BY_ABI if version >= least), 0)) - 1
    ruleset = _create(version, known)
    try:
        for path in executable:
            _allow(ruleset, path, _READ | _EXECUTE)
        for path in readable:
            _allow(ruleset, path, _READ)
        for path in writable:
            _allow(ruleset, path, known & ~_NEVER_WRITABLE & ~_EXECUTE)
        syscall("landlock_restrict_self", _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _create(version: int, known: int) -> int:
    """Return a rule set that handles, and so refuses, all that this kernel knows."""
    attributes = struct.pack(
        "=QQQ", known, _NET_ALL if version >= 4 else 0, _SCOPE_ALL if version >= SIGNALS_ABI else 0
    )
    size = 24 if version >= SIGNALS_ABI else 16 if version >= 4 else 8
    return syscall("landlock_create_ruleset", _CREATE, attributes, size, 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY)
    except NotADirectoryError:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rights &= _FILE_RIGHTS
    except OSError:
        return  # what is not there needs no rule
    try:
        rule = struct.pack("=Qi", rights, descriptor)
        syscall("landlock_add_rule", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
