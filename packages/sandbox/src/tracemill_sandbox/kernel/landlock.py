"""Landlock: the kernel lets the run's process open only what is listed, for ever.

Layouts and bits are from ``linux/landlock.h``. What an older kernel does not know is left out:
ABI 4 adds TCP, ABI 6 adds signals and abstract unix sockets outside the run. It does not cover
``stat``, connecting to unix sockets by path, or UDP.
"""

from __future__ import annotations

import ctypes
import os
import struct

from tracemill_sandbox.kernel import syscall

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEVICE = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_MAKE_DEVICES = (1 << 6) | (1 << 11)
_READ = _EXECUTE | _READ_FILE | _READ_DIR

_FS_BITS_BY_ABI = ((5, 16), (3, 15), (2, 14), (1, 13))
_NET_ALL, _SCOPE_ALL = 0b11, 0b11


def abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    try:
        return syscall("landlock_create_ruleset", _CREATE, 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def restrict(*, readable: tuple[str, ...], writable: tuple[str, ...]) -> None:
    """Confine this process and all its children; ``no_new_privileges`` must have been called.

    Args:
        readable: Files and folders to read and execute; those that are missing are left out.
        writable: Files and folders to read, write and create in (no device nodes).

    Raises:
        OSError: if the kernel refuses.
    """
    version = abi()
    known = (1 << next((bits for least, bits in _FS_BITS_BY_ABI if version >= least), 0)) - 1
    attributes = struct.pack(
        "=QQQ", known, _NET_ALL if version >= 4 else 0, _SCOPE_ALL if version >= 6 else 0
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = syscall("landlock_create_ruleset", _CREATE, ctypes.byref(buffer), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & known)
        for path in writable:
            _allow(ruleset, path, known & ~_MAKE_DEVICES & ~_IOCTL_DEVICE)
        syscall("landlock_restrict_self", _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - pathlib is not loaded in the run's process
            rights &= _FILE_RIGHTS
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor), 12)
        syscall("landlock_add_rule", _ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
