"""What an attack aims at and how it tells what it reached; laid into the folder of every run.

The values are those of ``aim.json``, which the tests write for each run: names of what they
planted on the host. ``ESCAPE:`` in a program's output means that something got out.
"""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable
from pathlib import Path

_PLANTED = json.loads((Path(__file__).parent / "aim.json").read_text())

SECRET_FILE: str = _PLANTED["SECRET_FILE"]
HOST_FOLDER: str = _PLANTED["HOST_FOLDER"]
CANARY: str = _PLANTED["CANARY"]
POOL_FOLDER: str = _PLANTED["POOL_FOLDER"]
PORT: int = _PLANTED["PORT"]
UDP_PORT: int = _PLANTED["UDP_PORT"]
UNIX_STREAM: str = _PLANTED["UNIX_STREAM"]
UNIX_DATAGRAM: str = _PLANTED["UNIX_DATAGRAM"]
ABSTRACT: str = _PLANTED["ABSTRACT"]
VICTIM: int = _PLANTED["VICTIM"]
HOST: int = _PLANTED["HOST"]
MARK: str = _PLANTED["MARK"]
NAMESPACED: bool = "namespaces" in _PLANTED["TIER"]
MAY_SPAWN: bool = _PLANTED["MAY_SPAWN"]
MACHINE = os.uname().machine
PARENT = os.getppid() or 1
"""Whoever watches the program, or where that one is out of sight the first process in sight."""

libc = ctypes.CDLL(None, use_errno=True)

# Numbers of x86-64 and arm64, from the kernel's tables.
_NUMBERS = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "seccomp": (317, 277),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}


def raw(number: int, *arguments: object) -> int:
    """Make a system call by number; raises OSError where the kernel refuses."""
    plain = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    got = int(libc.syscall(ctypes.c_long(number), *plain))
    if got == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return got


def call(name: str, *arguments: object) -> int:
    """Make a system call by name; raises OSError where the kernel refuses."""
    return raw(_NUMBERS[name][MACHINE == "aarch64"], *arguments)


def escaped(what: str) -> None:
    """Tell that something got out."""
    print("ESCAPE:", what, flush=True)


def held(what: object, error: BaseException) -> None:
    """Tell that something was refused."""
    print("held:", what, type(error).__name__, error)


def tries(what: str, act: Callable[..., object], *arguments: object, **more: object) -> None:
    """Try something that must be refused."""
    try:
        got = act(*arguments, **more)
    except Exception as error:  # noqa: BLE001 - boundary: any refusal will do
        held(what, error)
    else:
        escaped(f"{what}: {str(got)[:200]}")
