"""Namespaces: a run sees no other process, no network and no shared memory of the host.

The fork server enters its own user, network, name and process namespaces once; each run gets a
fresh process, IPC and mount namespace inside, so that its first process takes all others with it,
and in which everything but the run's folder is mounted read-only. The program itself gets a user
namespace of its own, the last of them: the kernel counts its processes there, apart from those of
all other runs of the same user. Works for ordinary users where the kernel allows them user
namespaces.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import sys

from tracemill_sandbox.kernel import call

INSIDE = 1000
"""User and group that a run sees itself as; 0 does not exist inside, whoever runs the pool."""

SHELL = "/bin/sh"

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - each run gets a fresh one of its own
_SHARED_MEMORY_OPTIONS = "size=64m,mode=1777,nr_inodes=4096"
"""Empty files take none of its size, but about 1 KiB of the kernel's memory each."""


def enter_worker(told: int | None = None) -> None:
    """Move the fork server into its own namespaces; returns in a new child process.

    Args:
        told: Pipe to which the id of the child is written, as it is seen outside. The calling
            process ends then; the child becomes one of whoever adopts orphans there, and dies with
            him. Without it the calling process stays outside, waits for the child and ends with it.

    Raises:
        OSError: if the kernel refuses; nothing has changed then.
    """
    uid, gid = os.getuid(), os.getgid()
    call.unshare(call.CLONE_NEWUSER | call.CLONE_NEWNET | call.CLONE_NEWUTS | call.CLONE_NEWPID)
    _map_user(uid, gid)
    call.die_with_parent(signal.SIGKILL)  # the change of user has undone an earlier one
    outside = os.pidfd_open(os.getpid())
    child = os.fork()
    if child and told is None:
        _wait_outside(child)
    if child and told is not None:
        os.write(told, str(child).encode())
        os._exit(0)
    if told is not None:
        os.close(told)
        ended = select.poll()
        ended.register(outside, select.POLLIN)
        ended.poll()  # it has ended, so we are adopted
    os.close(outside)
    call.die_with_parent(signal.SIGKILL)


def _map_user(uid: int, gid: int) -> None:
    """Be ``INSIDE`` in the user namespace just made, ``uid`` and ``gid`` in the one around it."""
    call.set_dumpable(dumpable=True)  # or our own /proc/self is not ours
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE} {uid} 1"),
        ("gid_map", f"{INSIDE} {gid} 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _wait_outside(child: int) -> None:
    os.closerange(3, 64)
    call.set_dumpable(dumpable=False)
    os.waitpid(child, 0)
    os._exit(0)


def next_run() -> None:
    """Make the next fork of this process the first process of a new process namespace."""
    call.unshare(call.CLONE_NEWPID)


def back(own: int) -> None:
    """Undo ``next_run`` for later forks; ``own`` is a descriptor of the server's namespace."""
    call.setns(own, call.CLONE_NEWPID)


def enter_run() -> bool:
    """Give this run its own mounts, all read-only, IPC, ``/dev/shm`` and ``/proc``.

    Read-only mounts hold what Landlock does not: modes, owners and times of files of our user.

    Returns:
        Whether ``/proc`` shows this run only; some containers do not let it be mounted.
    """
    call.unshare(call.CLONE_NEWNS | call.CLONE_NEWIPC)
    call.change_mount("/", set_flags=call.MOUNT_READ_ONLY | call.MOUNT_NO_SUID, whole=True)
    flags = call.MS_NOSUID | call.MS_NODEV | call.MS_NOEXEC
    if os.path.isdir(SHARED_MEMORY):  # noqa: PTH112 - this is on each run's way
        call.mount("tmpfs", SHARED_MEMORY, flags, _SHARED_MEMORY_OPTIONS)
    try:
        call.mount("proc", "/proc", flags)
    except OSError:
        call.change_mount("/proc", clear_flags=call.MOUNT_READ_ONLY)  # for ``leave_worker``
        return False
    return True


def open_folder(folder: str) -> None:
    """Make the run's folder writable, in the mounts that ``enter_run`` made; no programs in it."""
    call.bind(folder, folder)
    flags = call.MOUNT_NO_SUID | call.MOUNT_NO_DEVICES | call.MOUNT_NO_EXECUTION
    call.change_mount(folder, set_flags=flags, clear_flags=call.MOUNT_READ_ONLY)


def leave_worker() -> None:
    """Move the program's process into a user namespace of its own: it has no say in the others."""
    call.unshare(call.CLONE_NEWUSER)
    _map_user(INSIDE, INSIDE)


def refusal(uid: int) -> str:
    """Try all of it as user ``uid`` in a child; returns why it fails, empty if it works."""
    if not sys.platform.startswith("linux"):
        return f"{sys.platform} has no namespaces"
    return call.refusal_in_child(lambda: _try(uid))


def shell_refusal(shell: str = SHELL) -> str:
    """Try the shell that is the first process of a run; returns why it fails, empty if it works."""
    return call.refusal_in_child(lambda: _try_shell(shell))


def _try_shell(shell: str) -> None:
    pid = os.posix_spawn(shell, (shell, "-c", "sleep 0"), {"PATH": "/usr/bin:/bin"})
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise OSError(errno.ENOEXEC, f"'sleep 0' ended with code {code}", shell)


def _try(uid: int) -> None:
    if os.getuid() != uid:
        call.become(uid, uid)
    enter_worker()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    next_run()
    back(own)
    enter_run()
    if os.path.isdir(SHARED_MEMORY):  # noqa: PTH112 - as above
        open_folder(SHARED_MEMORY)
    leave_worker()
