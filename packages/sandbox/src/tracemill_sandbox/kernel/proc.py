"""What ``/proc`` tells of processes, read as bytes: a program chooses much of what stands there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Generator, Iterator

PARENT, START_OF_STACK = 1, 25
"""Fields 4 and 28 of ``/proc/PID/stat``, counted behind the name."""

_CHUNK_BYTES = 1 << 16


def children(process: str) -> list[int]:
    """Return the ids of a process's children, the youngest of each thread last."""
    found: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for task in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 - only names are wanted
            with contextlib.suppress(OSError):  # this thread has; the others may have children
                found += map(int, read(f"/proc/{process}/task/{task}/children").split())
    return found


def with_descendants(roots: Collection[int]) -> Iterator[int]:
    """Yield processes and all below them, each once, and of children the youngest first.

    Each is yielded before its own children are looked for, so what is to be read of it is read
    at once: of processes that end and go on in a child the youngest are the next to end.
    """
    seen: set[int] = set()
    waiting = list(reversed(list(roots)))
    while waiting:
        pid = waiting.pop()
        if pid not in seen:
            seen.add(pid)
            yield pid
            waiting += children(str(pid))


def is_below(pid: int, above: Collection[int]) -> bool:
    """Return whether a process descends from one of others; False once it has ended."""
    with contextlib.suppress(OSError):
        while pid > 1:
            pid = int(stat(pid)[PARENT])
            if pid in above:
                return True
    return False


def fields(pid: int, name: str, *, word: int = 0) -> dict[str, int]:
    """Return the numbers of a file of ``NAME: NUMBER`` lines; empty if it can not be read.

    The number is the first word behind the name, or that many words later.

    A program chooses its own name, which stands in there too: so bytes, and lines as the kernel
    ends them.
    """
    try:
        lines = read(f"{home(pid)}/{name}").split(b"\n")
    except OSError:
        return {}
    pairs = (line.partition(b":") for line in lines)
    words = ((key.decode("ascii", "replace"), value.split()) for key, _, value in pairs)
    return {key: int(v[word]) for key, v in words if len(v) > word and v[word].isdigit()}


def home(pid: int) -> str:
    """Return where ``/proc`` tells of a process: at a thread of it that lives.

    A first thread that has ended has no memory and no open files any more, whatever the others do.
    """
    whole = f"/proc/{pid}"
    if _has_memory(whole):
        return whole
    with contextlib.suppress(OSError):  # the process has ended
        for thread in os.listdir(f"{whole}/task"):  # noqa: PTH208 - only names are wanted
            if _has_memory(f"{whole}/task/{thread}"):
                return f"{whole}/task/{thread}"
    return whole


def _has_memory(place: str) -> bool:
    try:
        return read(f"{place}/statm").split()[:1] != [b"0"]
    except OSError:
        return False


def start_of_stack(pid: int) -> bytes:
    """Return where the stack begins, which each start of a program draws anew; b"" if unknown."""
    try:
        start = stat(pid)[START_OF_STACK]
    except OSError:
        return b""
    return b"" if start == b"0" else start


def stat(pid: int) -> list[bytes]:
    """Return the fields of ``/proc/PID/stat`` behind the name, which may hold anything.

    Raises:
        OSError: if the process has ended.
    """
    return read(f"/proc/{pid}/stat").rpartition(b")")[2].split()


def read(path: str) -> bytes:
    """Read a file whose size does not tell how long it is.

    Raises:
        OSError: if it can not be read.
    """
    return b"".join(chunks(path))


def chunks(path: str) -> Generator[bytes, None, None]:
    """Yield what stands in a file piece by piece, for what may be too long to hold.

    Raises:
        OSError: if it can not be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield from iter(lambda: os.read(descriptor, _CHUNK_BYTES), b"")
    finally:
        os.close(descriptor)
