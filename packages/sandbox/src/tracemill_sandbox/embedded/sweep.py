"""Removes the folders of pools whose host was killed: nobody else ever would.

A pool's folder holds a mark that its host keeps locked. The kernel gives the lock up with the last
process that has it, however that ends, so an unlocked mark tells that the pool is gone. It goes
when all else has gone: what a removal had no time for is left to the next sweep.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import stat
import threading
import time
from pathlib import Path

from tracemill_sandbox.inside import folder as run_folder

PREFIX = "tracemill-sandbox-"
MARK = "pool.mark"

YOUNG_SECONDS = 10.0
"""A younger mark may be about to be locked, by a host that has to wait for the disk or its turn."""

_LONGEST_WORD = 64
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_log = logging.getLogger("tracemill_sandbox")


def mark(folder: Path) -> int:
    """Put the locked mark of a living pool into its folder.

    It names this start of this machine: others may see the same disk, but not our locks.

    Returns:
        A descriptor; to be closed once the folder is gone.

    Raises:
        OSError: if the disk refuses.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    held = os.open(folder / MARK, flags, 0o600)
    try:
        with contextlib.suppress(OSError):  # a disk without locks: then nobody can sweep there
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(held, _this_start())
    except BaseException:
        os.close(held)
        raise
    return held


def sweep_soon(place: Path) -> None:
    """Do ``sweep`` beside everything else; nobody waits for it, nor for much that was left."""
    threading.Thread(target=sweep, args=(place,), name="tracemill-sweep", daemon=True).start()


def sweep(place: Path) -> None:
    """Remove what is left below ``place`` of pools that are gone; what refuses is logged.

    Only folders of our own user, with our name, and in them a mark that is our own, made since this
    machine started, unlocked and not young. It is locked until the folder is gone.
    """
    if not _only_owners_rename_in(place):
        return
    for folder in sorted(place.glob(f"{PREFIX}*")):
        try:
            with contextlib.suppress(FileNotFoundError):  # no mark; or another sweeps as well
                _sweep_one(folder)
        except OSError as error:
            _log.warning("%s, left by a pool that is gone, stays: %s", folder, error)


def _sweep_one(folder: Path) -> None:
    if not stat.S_ISDIR(folder.lstat().st_mode) or folder.lstat().st_uid != os.getuid():
        return
    held = os.open(folder / MARK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if _is_left(held):
            run_folder.remove(folder, last=MARK)
    finally:
        os.close(held)


def _is_left(held: int) -> bool:
    """Return whether a mark's pool is gone; it is locked then."""
    status = os.fstat(held)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
        return False
    if time.time() - status.st_mtime < YOUNG_SECONDS:
        return False
    if os.read(held, _LONGEST_WORD) != _this_start():
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _only_owners_rename_in(place: Path) -> bool:
    """Return whether nobody can put another folder into the place of one that was looked at."""
    try:
        mode = place.stat().st_mode
    except OSError:
        return False
    return not mode & (stat.S_IWGRP | stat.S_IWOTH) or bool(mode & stat.S_ISVTX)


def _this_start() -> bytes:
    return _BOOT.read_bytes()[:_LONGEST_WORD]
