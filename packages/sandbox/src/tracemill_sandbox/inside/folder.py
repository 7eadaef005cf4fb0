"""The run's folder: laid out by the host, measured while the program runs, removed after it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MOST_ENTRIES = 20_000
"""Files and folders of one run; more count as a flood, since each costs the disk an inode."""

_MOST_LISTED = 1_000


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What stands in a run's folder: bytes, number of entries and sizes of the first files."""

    size: int
    entries: int
    files: Mapping[str, int]


def lay_out(folder: Path, files: Mapping[str, bytes], *, uid: int) -> None:
    """Make the folder with its files, all owned by ``uid``.

    Raises:
        OSError: if the disk refuses.
    """
    folder.mkdir(mode=0o700)
    made = [folder]
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
    for path, status in _walk(folder):
        entries += 1
        size += status.st_blocks * 512
        if path is not None and len(files) < _MOST_LISTED:
            files[path] = status.st_size
        if entries >= MOST_ENTRIES:
            break
    return Usage(size=size, entries=entries, files=dict(sorted(files.items())))


def _walk(folder: Path) -> Iterator[tuple[str | None, os.stat_result]]:
    waiting = [folder]
    while waiting:
        try:
            inside = list(os.scandir(waiting.pop()))
        except OSError:
            continue  # removed meanwhile, or made unreadable by the program
        for entry in inside:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
                yield None, status
            else:
                name = os.fsencode(os.path.relpath(entry.path, folder))
                yield name.decode(errors="replace"), status


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
    while waiting:
        inside = waiting.pop()
        inside.chmod(0o700)
        for entry in list(os.scandir(inside)):
            if not entry.is_dir(follow_symlinks=False):
                continue
            depth += 1
            target = folder / f".flat-{depth}"
            Path(entry.path).rename(target)
            waiting.append(target)
