"""A seccomp filter that refuses system calls no data program needs.

It is a list of what is refused, not of what is allowed: io_uring (gets round filters), reading
other processes, new namespaces and mounts, kernel keys, BPF, and sockets of any family but the
internet's. Pairs of connected unix sockets stay (asyncio needs them), but none that could be sent
elsewhere: Landlock does not guard unix sockets that have a path. Refused calls fail with EPERM;
``clone3`` and io_uring with ENOSYS, so that the C library falls back. Numbers are from the
kernel's tables for x86-64 and arm64.
"""

from __future__ import annotations

import errno
import os
import struct

from tracemill_sandbox.kernel import install_filter

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _AND, _RETURN = (
    0x20,
    0x15,
    0x35,
    0x45,
    0x54,
    0x06,
)
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT, _SECOND_ARGUMENT_AT = 0, 4, 16, 24
_X32_BIT = 0x40000000
_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* of linux/sched.h but time, which clone ignores
_INTERNET = (2, 10)
_DATAGRAM, _TYPE_MASK = 2, 0xF

# ptrace, process_vm_readv/writev, kcmp, add_key, request_key, keyctl, bpf, perf_event_open,
# userfaultfd, mount, umount2, pivot_root, chroot, unshare, setns, open_by_handle_at,
# init_module, finit_module, delete_module, kexec_load, reboot, swapon, swapoff, acct, quotactl,
# syslog, settimeofday, sethostname, setdomainname, fsopen, open_tree, move_mount, pidfd_getfd
_REFUSED = {
    "x86_64": (
        *(101, 310, 311, 312, 248, 249, 250, 321, 298, 323, 165, 166, 155, 161, 272, 308, 304),
        *(175, 313, 176, 246, 169, 167, 168, 163, 179, 103, 164, 170, 171, 430, 428, 429, 438),
    ),
    "aarch64": (
        *(117, 270, 271, 272, 217, 218, 219, 280, 241, 282, 40, 39, 41, 51, 97, 268, 265),
        *(105, 273, 106, 104, 142, 224, 225, 89, 60, 116, 170, 161, 162, 430, 428, 429, 438),
    ),
}
_ABSENT = (425, 426, 427, 435)  # io_uring_setup, _enter, _register, clone3
_SOCKET = {"x86_64": 41, "aarch64": 198}
_SOCKETPAIR = {"x86_64": 53, "aarch64": 199}
_CLONE = {"x86_64": 56, "aarch64": 220}
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def known_machine() -> bool:
    """Return whether this machine's system call numbers are known here."""
    return os.uname().machine in _ARCHITECTURE


def restrict() -> None:
    """Install the filter; ``no_new_privileges`` must have been called.

    Raises:
        OSError: if the kernel refuses.
    """
    install_filter(_program(os.uname().machine))


def _program(machine: str) -> bytes:
    refuse, absent = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    code = _step(_LOAD, _ARCHITECTURE_AT)
    code += _step(_JUMP_EQUAL, _ARCHITECTURE[machine], 1, 0) + _step(_RETURN, _KILL)
    code += _step(_LOAD, _NUMBER_AT)
    code += _step(_JUMP_AT_LEAST, _X32_BIT, 0, 1) + _step(_RETURN, refuse)
    for number in _REFUSED[machine]:
        code += _step(_JUMP_EQUAL, number, 0, 1) + _step(_RETURN, refuse)
    for number in _ABSENT:
        code += _step(_JUMP_EQUAL, number, 0, 1) + _step(_RETURN, absent)
    code += _step(_JUMP_EQUAL, _CLONE[machine], 0, 4) + _step(_LOAD, _FIRST_ARGUMENT_AT)
    code += _step(_JUMP_ANY_BIT, _NEW_NAMESPACES, 0, 1)
    code += _step(_RETURN, refuse) + _step(_RETURN, _ALLOW)
    code += _step(_JUMP_EQUAL, _SOCKETPAIR[machine], 0, 5) + _step(_LOAD, _SECOND_ARGUMENT_AT)
    code += _step(_AND, _TYPE_MASK) + _step(_JUMP_EQUAL, _DATAGRAM, 0, 1)
    code += _step(_RETURN, refuse) + _step(_RETURN, _ALLOW)
    code += _step(_JUMP_EQUAL, _SOCKET[machine], 1, 0) + _step(_RETURN, _ALLOW)
    code += _step(_LOAD, _FIRST_ARGUMENT_AT)
    for family in _INTERNET:
        code += _step(_JUMP_EQUAL, family, 0, 1) + _step(_RETURN, _ALLOW)
    return code + _step(_RETURN, refuse)


def _step(operation: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, if_true, if_false, value)
