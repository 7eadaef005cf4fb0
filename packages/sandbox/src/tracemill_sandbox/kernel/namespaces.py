"""Namespaces: a run sees no other process, no network and no shared memory of the host.

The fork server enters its own user, network, name and process namespaces once; each run gets a
fresh process, IPC and mount namespace inside, so that its first process takes all others with it.
Works for ordinary users where the kernel allows them user namespaces.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tracemill_sandbox import kernel

INSIDE = 1000
"""User and group that a run sees itself as; 0 does not exist inside, whoever runs the pool."""

_SHARED_MEMORY_OPTIONS = "size=64m,mode=1777"


def enter_worker() -> None:
    """Move the fork server into its own namespaces; returns in a new child process.

    The calling process stays outside, waits for the child and ends with it.

    Raises:
        OSError: if the kernel refuses; nothing has changed then.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(
        kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS | kernel.CLONE_NEWPID
    )
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE} {gid} 1")
    child = os.fork()
    if child:
        _wait_outside(child)
    kernel.die_with_parent(signal.SIGKILL)


def _wait_outside(child: int) -> None:
    os.closerange(3, 64)
    kernel.set_dumpable(dumpable=False)
    os.waitpid(child, 0)
    os._exit(0)


def next_run() -> None:
    """Make the next fork of this process the first process of a new process namespace."""
    kernel.unshare(kernel.CLONE_NEWPID)


def back(own: int) -> None:
    """Undo ``next_run`` for later forks; ``own`` is a descriptor of the server's namespace."""
    kernel.setns(own, kernel.CLONE_NEWPID)


def enter_run() -> bool:
    """Give this run its own mounts, IPC, ``/dev/shm`` and ``/proc``.

    Returns:
        Whether ``/proc`` shows this run only; some containers do not let it be mounted.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    kernel.mount(None, "/", kernel.MS_REC_PRIVATE)
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    if Path("/dev/shm").is_dir():  # noqa: S108 - the run gets a fresh one of its own
        kernel.mount("tmpfs", "/dev/shm", flags, _SHARED_MEMORY_OPTIONS)  # noqa: S108 - as above
    try:
        kernel.mount("proc", "/proc", flags)
    except OSError:
        return False
    return True


def refusal(uid: int) -> str:
    """Try all of it as user ``uid`` in a child; returns why it fails, empty if it works."""
    if not sys.platform.startswith("linux"):
        return f"{sys.platform} has no namespaces"
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _try(writer, uid)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        reason = stream.read().decode()
    os.waitpid(child, 0)
    return reason


def _try(writer: int, uid: int) -> None:
    os.dup2(writer, 200)  # out of the range that the outer process closes
    try:
        if os.getuid() != uid:
            kernel.become(uid, uid)
        enter_worker()
        own = os.open("/proc/self/ns/pid", os.O_RDONLY)
        enter_run()
        next_run()
        back(own)
    except OSError as error:
        os.write(200, f"{error.filename or 'namespaces'}: {error.strerror}".encode())
    os._exit(0)
