"""The command lines of bubblewrap and nsjail that put a second fence around the template.

The fence shows the system's programs and the interpreter, read only, the pool's folder at its own
place, and nothing else; all namespaces are new, there is no network. Inside, workers and runs
still make namespaces of their own, so three things must not be taken away: user namespaces
(``--disable-userns``), a ``/proc`` with nothing laid over it (the kernel lets no nested namespace
mount one otherwise), and for root the capabilities to become the user of the runs.

Options are from bwrap(1) 0.4 and later and ``nsjail --help`` 3.4 and later.
"""

from __future__ import annotations

import site
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.kernel import readable
from tracemill_sandbox.kernel.tier import needed_paths

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

_ROOT_KEEPS = (
    *("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"),  # to become the user of the runs, for good
    *("CAP_CHOWN", "CAP_DAC_OVERRIDE"),  # to make that user's folders
    "CAP_KILL",  # to end that user's processes
)
"""Of root's capabilities; a run keeps none of them."""

_MOUNT_PROC = (
    'mount -t proc -o nosuid,nodev,noexec proc /proc && exec "$0" "$@"'  # sh: $0 is the command
)
"""As root, bubblewrap lays read-only mounts over parts of the ``/proc`` it makes; see above."""

_BUBBLEWRAP = (
    "--unshare-ipc",
    "--unshare-net",
    "--unshare-pid",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
    "--dev",
    "/dev",
    "--tmpfs",
    "/tmp",  # noqa: S108 - a private one
)
_NSJAIL = (
    "--mode",
    "o",
    "--quiet",
    "--keep_env",
    "--cwd",
    "/",
    "--time_limit",  # 600 s if not set
    "0",
    "--nice_level",  # 19 if not set
    "0",
    "--disable_rlimits",  # 1 MB per file if not set; runs get limits of their own
    "--proc_rw",
    "--tmpfsmount",
    "/tmp",  # noqa: S108 - a private one
    "--tmpfsmount",
    "/dev/shm",  # noqa: S108 - a private one
)


@dataclass(frozen=True, kw_only=True)
class View:
    """What of the host's files the fence shows.

    Attributes:
        readable: Absolute paths that appear where they are, read only; no path lies in another.
        links: Links to be made, as (what it holds, absolute path).
        folder: The pool's folder, the only one that can be written.
    """

    readable: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    folder: str


def view_of(folder: Path) -> View:
    """Return what this interpreter and its libraries need, of what is there."""
    system = [path for path in _SYSTEM if Path(path).exists()]
    links = [(str(Path(path).readlink()), path) for path in system if Path(path).is_symlink()]
    whole = [path for path in system if not Path(path).is_symlink()]
    files = [path for path in readable.readable() if not path.startswith("/dev/")]
    return View(
        readable=_outermost((*whole, *files, *_python_paths())),
        links=tuple(links),
        folder=str(folder),
    )


def bubblewrap_command(
    program: str, command: Sequence[str], view: View, *, as_root: bool
) -> list[str]:
    """Return the command line that starts ``command`` under bubblewrap.

    It passes on every descriptor that the caller lets be inherited, and keeps none itself.

    Args:
        program: Path of ``bwrap``.
        command: What to start; its first word is an absolute path.
        view: Files that it sees.
        as_root: Whether the caller is root: no user namespace is made then, so that runs can
            become another user, and all capabilities but a few are dropped.
    """
    words = [program, *_BUBBLEWRAP]
    for content, path in view.links:
        words += ["--symlink", content, path]
    for path in view.readable:
        words += ["--ro-bind", path, path]
    words += ["--bind", view.folder, view.folder, "--chdir", "/"]
    if not as_root:
        return [*words, "--proc", "/proc", "--remount-ro", "/", "--", *command]
    words += ["--dir", "/proc", "--remount-ro", "/", "--cap-drop", "ALL"]
    for capability in (*_ROOT_KEEPS, "CAP_SYS_ADMIN"):  # the last one to mount /proc
        words += ["--cap-add", capability]
    return [*words, "--", "/bin/sh", "-c", _MOUNT_PROC, *command]


def nsjail_command(
    program: str, command: Sequence[str], view: View, control: int, *, as_root: bool
) -> list[str]:
    """Return the command line that starts ``command`` under nsjail.

    Args:
        program: Path of ``nsjail``.
        command: What to start; its first word is an absolute path.
        view: Files that it sees.
        control: Descriptor that stays open; all others but 0, 1 and 2 are closed.
        as_root: As for ``bubblewrap_command``.
    """
    words = [program, *_NSJAIL, "--pass_fd", str(control)]
    for content, path in view.links:
        words += ["--symlink", f"{content}:{path}"]
    for path in view.readable:
        words += ["--bindmount_ro", path]
    for path in (*_DEVICES, view.folder):
        words += ["--bindmount", path]
    if as_root:
        words.append("--disable_clone_newuser")
        for capability in _ROOT_KEEPS:
            words += ["--cap", capability]
    return [*words, "--", *command]


def _python_paths() -> Iterable[str]:
    """Return the interpreter's folders and our own, as they are spelled and where they lie."""
    spelled = (*needed_paths(), sys.exec_prefix, sys.base_exec_prefix, *site.getsitepackages())
    for path in spelled:
        if Path(path).is_dir():
            yield path
            yield str(Path(path).resolve())


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Drop repeated paths and those that lie inside another one."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: path.count("/")):
        if not any(Path(path).is_relative_to(outer) for outer in kept):
            kept.append(path)
    return tuple(sorted(kept))
