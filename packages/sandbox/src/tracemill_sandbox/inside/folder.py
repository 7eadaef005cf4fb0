"""The run's folder: laid out by the host, measured while the program runs, removed after it."""

from __future__ import annotations

import contextlib
import errno
import fnmatch
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MOST_ENTRIES = 20_000
"""Files and folders of one run; more count as a flood, since each costs the disk an inode."""

_MOST_LISTED = 1_000
_DEEPEST = 64
"""Folders one within the other that are looked into; each is opened step by step."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = _FLAGS | os.O_DIRECTORY


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What stands in a run's folder.

    Attributes:
        size: Bytes on the disk.
        entries: Files and folders.
        files: Path -> size in bytes of the first 1,000 files.
        hidden: Why a folder in it could not be looked into, such as a path that is too long for the
            kernel or rights that the program took away; empty if all could.
    """

    size: int
    entries: int
    files: Mapping[str, int]
    hidden: str = ""


def lay_out(folder: Path, files: Mapping[str, bytes], *, uid: int) -> None:
    """Write files into the run's folder, owned by ``uid``; nothing of the program runs yet.

    Raises:
        OSError: if the disk refuses.
    """
    made: list[Path] = []
    for name, content in files.items():
        path = folder / name
        for parent in reversed(path.relative_to(folder).parents[:-1]):
            if not (folder / parent).exists():
                (folder / parent).mkdir()
                made.append(folder / parent)
        path.write_bytes(content)
        made.append(path)
    if uid != os.getuid():
        for path in made:
            os.chown(path, uid, uid)


def measure(folder: Path) -> Usage:
    """Add up what stands in the folder, without following links; stops at ``MOST_ENTRIES``."""
    size = entries = 0
    files: dict[str, int] = {}
    hidden: list[str] = []
    for path, status in _walk(folder, hidden):
        entries += 1
        size += status.st_blocks * 512
        if path is not None and len(files) < _MOST_LISTED:
            files[path] = status.st_size
        if entries >= MOST_ENTRIES:
            break
    listed = dict(sorted(files.items()))
    return Usage(size=size, entries=entries, files=listed, hidden=hidden[0] if hidden else "")


def collect(folder: Path, patterns: tuple[str, ...], *, room: int) -> dict[str, bytes]:
    """Read the regular files whose paths match, in order of their paths; every process is dead.

    Links are never followed, neither at the end of a path nor on the way, so a program can not
    have the host read a file that it could not read itself.

    Args:
        folder: The run's folder.
        patterns: Relative paths, ``*`` and ``?`` as in a shell, never across ``/``.
        room: Bytes that all of them may have together; a file that does not fit is left out.
    """
    found: dict[str, bytes] = {}
    for path in measure(folder).files if patterns else ():
        if any(_matches(path, pattern) for pattern in patterns):
            content = _read_regular(folder, path, room)
            if content is not None:
                found[path] = content
                room -= len(content)
    return found


def _matches(path: str, pattern: str) -> bool:
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def _read_regular(folder: Path, path: str, room: int) -> bytes | None:
    """Read one file without following links; None if it is no regular file or too large."""
    *parents, name = path.split("/")
    try:
        with _opened(folder, tuple(parents)) as place:
            file = os.open(name, _FLAGS, dir_fd=place)
    except OSError:
        return None
    with os.fdopen(file, "rb") as stream:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > room:
            return None
        return stream.read(room)


def _walk(folder: Path, hidden: list[str]) -> Iterator[tuple[str | None, os.stat_result]]:
    """Yield path (None of a folder) and status of what is below; why some is not goes to hidden.

    Folders are opened one within the other and never through a link: a program that swaps one for
    the other meanwhile has nothing of the host looked at.
    """
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        parents = waiting.pop()
        with _told(hidden), _opened(folder, parents) as place, os.scandir(place) as inside:
            for entry in inside:
                status = entry.stat(follow_symlinks=False)
                path = (*parents, entry.name)
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(path)
                    yield None, status
                else:
                    yield os.fsencode("/".join(path)).decode(errors="replace"), status


@contextlib.contextmanager
def _opened(folder: Path, parents: tuple[str, ...]) -> Iterator[int]:
    """Open a folder below ``folder`` step by step.

    Raises:
        OSError: if a step is no folder, or there are more than ``_DEEPEST``.
    """
    if len(parents) > _DEEPEST:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    place = os.open(folder, _FOLDER)
    try:
        for parent in parents:
            inner = os.open(parent, _FOLDER, dir_fd=place)
            os.close(place)
            place = inner
        yield place
    finally:
        os.close(place)


@contextlib.contextmanager
def _told(hidden: list[str]) -> Iterator[None]:
    """Note why something could not be looked at; that it is gone meanwhile is no reason."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return  # gone meanwhile, or no folder any more
        hidden.append(error.strerror or "unknown")


def remove(folder: Path) -> None:
    """Remove the folder, also where the program took its own rights to it.

    Raises:
        OSError: if something could not be removed.
    """
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        _open_up(folder)
        shutil.rmtree(folder)


def _open_up(folder: Path) -> None:
    """Give the owner all rights back and flatten chains that are too deep to walk."""
    waiting = [folder]
    depth = 0
    prefix = f".flat-{secrets.token_hex(8)}"  # a name that the program could not take
    while waiting:
        inside = waiting.pop()
        inside.chmod(0o700)
        for entry in list(os.scandir(inside)):
            if not entry.is_dir(follow_symlinks=False):
                continue
            depth += 1
            target = folder / f"{prefix}-{depth}"
            Path(entry.path).chmod(0o700)  # or its own entry for its parent could not change
            Path(entry.path).rename(target)
            waiting.append(target)
