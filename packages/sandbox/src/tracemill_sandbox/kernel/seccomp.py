"""Seccomp filters: the system calls of ``syscall_policy`` and no others, for ever.

A filter holds for all children and can not be taken off; a later one can only take more away. It
sees numbers and plain arguments, not what pointers point at: which files are opened is Landlock's
matter. Calls of another machine's binary interface (``int 0x80`` on x86-64) kill the process.
"""

from __future__ import annotations

import errno
import functools
import os

from tracemill_sandbox.kernel.bpf import ALLOW, ARCHITECTURE, Check, Rule, Verdict, assemble, fail
from tracemill_sandbox.kernel.call import install_filter
from tracemill_sandbox.kernel.syscall_policy import Guarded, verdicts
from tracemill_sandbox.kernel.syscall_table import numbers

_THREAD = 0x00010000  # CLONE_THREAD


def known_machine() -> bool:
    """Return whether this machine's system call numbers are known here."""
    return os.uname().machine in ARCHITECTURE


def restrict(guarded: Guarded | None = None) -> None:
    """Install the filter; ``no_new_privileges`` must have been called.

    Args:
        guarded: What else holds; by default all of it.

    Raises:
        OSError: if the kernel refuses.
    """
    install_filter(prepared(os.uname().machine, guarded or Guarded()))


def prepared(machine: str, guarded: Guarded) -> bytes:
    """Return the filter; the same bytes for every run, but where signals have no other guard.

    Raises:
        ValueError: if the numbers of ``machine`` are not known.
    """
    return program(machine, guarded, 0 if guarded.signals else os.getpid())


@functools.cache
def program(machine: str, guarded: Guarded, pid: int) -> bytes:
    """Return the filter for a program whose process is ``pid``.

    Raises:
        ValueError: if the numbers of ``machine`` are not known.
    """
    return assemble(machine, verdicts(machine, guarded, pid))


def forbid_subprocesses() -> None:
    """Install a further filter: no other program, no child process; threads stay.

    Works before and after ``restrict``.

    Raises:
        OSError: if the kernel refuses.
    """
    install_filter(threads_only(os.uname().machine))


@functools.cache
def threads_only(machine: str) -> bytes:
    """Return the filter of ``forbid_subprocesses``.

    Raises:
        ValueError: if the numbers of ``machine`` are not known.
    """
    refused = fail(errno.EPERM)
    thread = (Check(argument=0, mask=_THREAD, values=(_THREAD,)),)
    special: dict[str, Verdict] = {
        **dict.fromkeys(("fork", "vfork", "execve", "execveat"), refused),
        "clone": Rule(either=(thread,), otherwise=refused),
        "clone3": fail(errno.ENOSYS),
    }
    found: dict[int, Verdict] = {0: ALLOW}
    for name, number in numbers(machine).items():
        if name in special:
            found.setdefault(number + 1, ALLOW)
            found[number] = special[name]
    if machine == "x86_64":
        found[0x40000000] = refused
    return assemble(machine, found)
