"""The run's folder: laid out by the host, measured while the program runs, removed after it."""

from __future__ import annotations

import contextlib
import errno
import fnmatch
import itertools
import math
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.request import MOST_FOLDERS

MOST_ENTRIES = 20_000
"""Files and folders of one run; more count as a flood, since each costs the disk an inode."""

ENTRIES_PER_FOLDER = 4
"""As what a folder counts there: to look into it and to remove it costs so many times as much."""

_MOST_LISTED = 1_000
_DEEPEST = MOST_FOLDERS
"""Folders one within the other that are looked into; so many are open at the same time."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = _FLAGS | os.O_DIRECTORY
_ABOVE = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
"""For folders of the host, of which no program can make links."""

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""What a step to a folder says that is none any more."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What stands in a run's folder.

    Attributes:
        size: Bytes on the disk.
        entries: Files and folders, these as ``ENTRIES_PER_FOLDER`` each.
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


def measure(folder: Path, *, until: float = math.inf) -> Usage:
    """Add up what stands in the folder, without following links; stops at ``MOST_ENTRIES``.

    Args:
        folder: Of a run.
        until: When to give up, as ``time.monotonic`` tells.

    Raises:
        TimeoutError: then.
    """
    deadline = Deadline(at=until)
    size = entries = 0
    files: dict[str, int] = {}
    hidden: list[str] = []
    for path, status in _walk(folder, hidden):
        deadline.check()
        entries += ENTRIES_PER_FOLDER if path is None else 1
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


@dataclass(frozen=True, kw_only=True)
class _Level:
    """A folder on the way of a walk.

    Attributes:
        path: Names of the folders down to it.
        place: Descriptor of it.
        waiting: Names of the folders in it that are still to be looked into.
    """

    path: tuple[str, ...]
    place: int
    waiting: list[str]

    def list(self) -> Iterator[tuple[str | None, os.stat_result]]:
        """Yield what stands in it; what goes meanwhile is left out."""
        with os.scandir(self.place) as inside:
            for entry in inside:
                status = _status(entry)
                if status is None:
                    continue
                if stat.S_ISDIR(status.st_mode):
                    self.waiting.append(entry.name)
                    yield None, status
                else:
                    path = "/".join((*self.path, entry.name))
                    yield os.fsencode(path).decode(errors="replace"), status

    def inner(self, name: str) -> _Level:
        """Open a folder in it.

        Raises:
            OSError: if there is none, or it is deeper than ``_DEEPEST``.
        """
        path = (*self.path, name)
        if len(path) > _DEEPEST:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        return _Level(path=path, place=os.open(name, _FOLDER, dir_fd=self.place), waiting=[])


def _walk(folder: Path, hidden: list[str]) -> Iterator[tuple[str | None, os.stat_result]]:
    """Yield path (None of a folder) and status of what is below; why some is not goes to hidden.

    Folders are opened one within the other and never through a link: a program that swaps one for
    the other meanwhile has nothing of the host looked at. Each is opened once, from the one above.
    """
    way: list[_Level] = []
    try:
        with _told(hidden):
            way.append(_Level(path=(), place=os.open(folder, _FOLDER), waiting=[]))
            yield from way[-1].list()
        while way:
            if not way[-1].waiting:
                os.close(way.pop().place)
                continue
            with _told(hidden):
                way.append(way[-1].inner(way[-1].waiting.pop()))
                yield from way[-1].list()
    finally:
        for level in way:
            os.close(level.place)


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    """Return the status of an entry, not of what it links to; None if it is gone."""
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


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
        if error.errno in _GONE:
            return
        hidden.append(error.strerror or "unknown")


def put_away(folder: Path, yard: Path) -> Path:
    """Move a run's folder at once to where no later run sees it; return where it is now.

    A later run of the same user may look up the names of what stands beside its own folder. It can
    not enter a yard of another user, and where it has the host's own user it would have to guess
    the new name: listing the yard is refused, and ``stat`` finds names only.

    Args:
        folder: Of a run that is over.
        yard: A folder on the same disk, that only the host's user may enter.

    Raises:
        OSError: if there is no such folder, or it could not be moved.
    """
    target = yard / secrets.token_hex(16)
    above = os.open(folder.parent, _ABOVE)
    try:
        place = os.open(yard, _ABOVE)
        try:
            _move(folder.name, above, target.name, place)
        finally:
            os.close(place)
    finally:
        os.close(above)
    return target


def empty(folder: Path) -> None:
    """Remove all that stands in a folder, as ``remove`` does; the folder stays.

    Raises:
        OSError: if something could not be removed.
    """
    above = os.open(folder.parent, _ABOVE)
    try:
        _empty_below(above, folder.name, Deadline())
    finally:
        os.close(above)


@dataclass
class Deadline:
    """When a removal has to stop where it is; may be set by others while it goes on.

    Attributes:
        at: As ``time.monotonic`` tells.
    """

    at: float = math.inf

    def check(self) -> None:
        """Raise if it has come.

        Raises:
            TimeoutError: then.
        """
        if time.monotonic() >= self.at:
            raise TimeoutError("there was no more time")


def remove(folder: Path, *, deadline: Deadline | None = None, last: str = "") -> None:
    """Remove the folder, also where the program took its own rights to it; none is no fault.

    Every folder in it is moved to the top before it is emptied. So the work is linear in the
    entries, however deep they lie, no more than three folders are open, and no link is followed
    even if a process of the run should still live.

    Args:
        folder: Of the host, with what programs left in it.
        deadline: Of the removal; what stays then can be removed later.
        last: Name of a file in it that goes when all else has gone.

    Raises:
        TimeoutError: at the deadline.
        OSError: if something could not be removed.
    """
    try:
        parent = os.open(folder.parent, _ABOVE)
    except FileNotFoundError:
        return
    try:
        with contextlib.suppress(FileNotFoundError):
            _empty_below(parent, folder.name, deadline or Deadline(), last)
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(folder.name, dir_fd=parent)
    finally:
        os.close(parent)


def _empty_below(parent: int, name: str, deadline: Deadline, last: str = "") -> None:
    prefix = secrets.token_hex(8)  # the program could not take names that it can not guess
    names = (f".flat-{prefix}-{number}" for number in itertools.count())
    with _entered(parent, name) as top:
        waiting = _emptied(top, top, names, deadline, last)
        while waiting:
            inner = waiting.pop()
            with contextlib.suppress(FileNotFoundError):
                with _entered(top, inner) as place:
                    waiting += _emptied(place, top, names, deadline)
                os.rmdir(inner, dir_fd=top)
        if last:
            os.unlink(last, dir_fd=top)


def _emptied(
    place: int, top: int, names: Iterator[str], deadline: Deadline, spared: str = ""
) -> list[str]:
    """Remove the files and empty folders of a folder, move its others to the top; return those.

    Most of what a flood of folders makes is empty, and goes so in one call.
    """
    moved = []
    with os.scandir(place) as inside:
        entries = [entry for entry in inside if entry.name != spared]
    for entry in entries:
        deadline.check()
        with contextlib.suppress(FileNotFoundError):
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name, dir_fd=place)
                continue
            with contextlib.suppress(OSError):  # it is not empty, or says why when it is moved
                os.rmdir(entry.name, dir_fd=place)
                continue
            moved.append(next(names))
            _move(entry.name, place, moved[-1], top)
    return moved


def _move(name: str, place: int, target: str, top: int) -> None:
    try:
        os.rename(name, target, src_dir_fd=place, dst_dir_fd=top)
    except PermissionError:  # a folder's entry for its parent is changed, so it must be writable
        _give_rights_back(place, name)
        os.rename(name, target, src_dir_fd=place, dst_dir_fd=top)


@contextlib.contextmanager
def _entered(parent: int, name: str) -> Iterator[int]:
    """Open a folder with all rights to it, and never through a link.

    Raises:
        OSError: if that is refused, or it is no folder.
    """
    status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if status.st_mode & stat.S_IRWXU != stat.S_IRWXU:
        _give_rights_back(parent, name)
    place = os.open(name, _FOLDER, dir_fd=parent)
    try:
        yield place
    finally:
        os.close(place)


def _give_rights_back(parent: int, name: str) -> None:
    """Give the owner of a folder all rights to it; a link is not followed."""
    if not hasattr(os, "O_PATH"):  # other systems than Linux, whose chmod needs no detour
        os.chmod(name, stat.S_IRWXU, dir_fd=parent, follow_symlinks=False)
        return
    place = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        Path(f"/proc/self/fd/{place}").chmod(stat.S_IRWXU)
    finally:
        os.close(place)
