"""The folder that a run works in, and the lock that keeps a second run out of it."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracemill.errors import CannotRun


def newest(parent: Path, name: str) -> Path:
    """Return the workspace to go on in: the one with the highest number, or the first.

    Workspaces of one name are ``tracemill-NAME``, ``tracemill-NAME-2``, ``tracemill-NAME-3``.
    """
    return _numbered(parent, name, max(_numbers(parent, name), default=1))


def fresh(parent: Path, name: str) -> Path:
    """Return a workspace that does not exist yet; nothing is deleted."""
    return _numbered(parent, name, max(_numbers(parent, name), default=0) + 1)


def _numbers(parent: Path, name: str) -> list[int]:
    pattern = re.compile(rf"tracemill-{re.escape(name)}(?:-(\d+))?")
    matches = (pattern.fullmatch(path.name) for path in parent.iterdir() if path.is_dir())
    return [int(match[1] or 1) for match in matches if match]


def _numbered(parent: Path, name: str, number: int) -> Path:
    return parent / (f"tracemill-{name}" if number == 1 else f"tracemill-{name}-{number}")


@contextmanager
def locked(workspace: Path) -> Iterator[None]:
    """Hold the workspace for this process; the kernel frees it even after a kill.

    Raises:
        CannotRun: if another process works in it, or it cannot be created.
    """
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        stream = (workspace / ".lock").open("a+")
    except OSError as error:
        raise CannotRun(
            f"{workspace}: wanted a folder to write to, got: {error.strerror}; "
            "choose another with --workspace"
        ) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise CannotRun(
                f"{workspace}: process {stream.read().strip() or 'unknown'} is working in it; "
                "wait for it, or start beside it with --fresh"
            ) from None
        stream.seek(0)
        stream.truncate()
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield
