"""Memory, processes and nameless files of a whole run, and the end of what is left of one.

Its server looks from outside: at the program's process and at whatever adopts the run's orphans,
which is the first process of its namespace, or the server itself. So every process of the run is
in sight, whatever it does. Process ids here are those that ``/proc`` shows.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import signal
import socket
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from tracemill_sandbox.kernel import proc
from tracemill_sandbox.kernel.namespaces import SHARED_MEMORY

_KIB, _MIB = 1 << 10, 1 << 20
_BOUND = ("RssAnon", "RssShmem", "VmSwap")
_EXACT = ("Pss_Anon", "Pss_Shmem", "SwapPss")
_BLOCK_BYTES = 512
_PIPE_PAGES = 16  # PIPE_DEF_BUFFERS of linux/pipe_fs_i.h; the filter refuses F_SETPIPE_SZ
_MOST_MAPS_BYTES = 32 * _MIB
_MOST_WALKS = 4
_DEEPEST = 64  # removed folders one within the other: as deep as a run's folders may lie
_REMOVED = b" (deleted)"
_ON_DISK = (stat.S_IFREG, stat.S_IFDIR)


FREE_BUFFERS = 64
"""Pipes and sockets that count as nothing: those of an event loop, of some processes and queues."""

MOST_WATCHES = 1 << 12
"""How many epolls and watches of these a run may have together: an event loop with some thousand
files. The kernel has a number for each user, some millions on most machines, and once it is used
up no process of that user can watch any more. As many watches can hide behind each thread of the
run, in an epoll that was closed while the thread waits for it."""

_WATCH = b"tfd:"
_EPOLL = "anon_inode:[eventpoll]"

Inode = tuple[int, int]
"""Device and number."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the descriptors of a run hold.

    Attributes:
        nameless: Bytes on the disk of each file and folder that was removed.
        buffer_bytes: The most that its pipes and sockets can hold beyond the first 64.
        watches: Its epolls and what these watch, of each process for itself; no more are counted
            than are too many.
    """

    nameless: Mapping[Inode, int]
    buffer_bytes: int
    watches: int = 0

    @property
    def nameless_bytes(self) -> int:
        """Bytes on the disk of all files and folders that were removed."""
        return sum(self.nameless.values())


@dataclass(frozen=True, kw_only=True)
class _Preloaded:
    """What the program's process had before it began; ``stack`` tells whether it is still so."""

    pid: int
    stack: bytes
    size: int


class Counter:
    """Adds up what a run's processes use.

    Args:
        program: Id of the program's process, which has only what was preloaded so far.
        roots: Returns the ids of processes below which all of the run are, themselves included.
        own_shared_memory: Whether the run has a ``/dev/shm`` of its own, in namespaces, and so its
            server a network of its own as well.
        until: When to give up, as ``time.monotonic`` tells: each method raises TimeoutError then.
            A look at many large processes takes seconds, and the run has a deadline.

    Attributes:
        until: As above; whoever looks may set it anew.
    """

    def __init__(
        self,
        program: int,
        roots: Callable[[], Collection[int]],
        *,
        own_shared_memory: bool,
        until: float = math.inf,
    ) -> None:
        self._roots, self._own_shared_memory, self.until = roots, own_shared_memory, until
        self._before = _Preloaded(
            pid=program, stack=proc.start_of_stack(program), size=_bound(program) or 0
        )

    def private_bytes(self, *, enough: int) -> int:
        """Return the memory of the whole run beyond what was preloaded, in bytes.

        Args:
            enough: Up to this the cheap upper bound does. Above it pages that several processes
                share are counted once, which costs milliseconds per gigabyte; of what was
                preloaded the run's share is counted as well then.

        Swapped memory and the run's own ``/dev/shm`` count; a file there that is mapped as well
        counts twice. What can not be read counts whole. Pipes and sockets stand in ``held``.
        """
        files = _shared_memory_files(self._before.pid) if self._own_shared_memory else 0
        before = self._still_preloaded()
        bound = self._most(_bound) - before + files
        if bound <= enough:
            return max(0, bound)
        return min(bound, self._most(_exact) + files)

    def _most(self, taken: Callable[[int], int | None]) -> int:
        """Return what all processes take together.

        Who ends before it is looked at may go on in a child that has its memory, so the others are
        looked at again then, and the most that was seen is right.
        """
        most = 0
        for _ in range(_MOST_WALKS):
            total, missed = 0, False
            for pid in self._processes():
                size = taken(pid)
                missed |= size is None
                total += size or 0
            most = max(most, total)
            if not missed:
                break
        return most

    def tasks(self) -> int:
        """Return how many processes and threads the run has."""
        return sum(proc.fields(pid, "status").get("Threads", 0) for pid in self._processes())

    def held(self) -> Held:
        """Return what the run has open; each thing counts once, whoever has it.

        Raises:
            ValueError: if removed folders lie deeper one within the other than folders may.
        """
        nameless: dict[Inode, int] = {}
        pipes: set[Inode] = set()
        sockets: set[Inode] = set()
        watches = 0
        for pid in self._processes():
            opened = _Opened(proc.home(pid), most_watches=MOST_WATCHES + 1 - watches)
            for status in opened.files():
                inode = status.st_dev, status.st_ino
                if stat.S_ISFIFO(status.st_mode):
                    pipes.add(inode)
                elif stat.S_ISSOCK(status.st_mode):
                    sockets.add(inode)
                elif status.st_nlink == 0 and stat.S_IFMT(status.st_mode) in _ON_DISK:
                    nameless[inode] = status.st_blocks * _BLOCK_BYTES
            watches += opened.watches
        # What a thread waits for in poll lives on when it is closed: where the run's server has a
        # network of its own, the kernel's count of its sockets is the better one.
        alive = _sockets(self._before.pid) if self._own_shared_memory else 0
        buffers = _buffer_bytes(len(pipes), max(len(sockets), alive))
        return Held(nameless=nameless, buffer_bytes=buffers, watches=watches)

    def only_mapped(self) -> int:
        """Return how many removed files are held by mappings and by no descriptor.

        Their sizes are not to be had, and a mapping of a page holds the whole file. What this
        server has mapped too was preloaded. Costs milliseconds for each process.

        Raises:
            ValueError: if there are more mappings than can be looked at.
        """
        found = self._mapped()
        if not found:
            return 0
        shared = self._shared_memory()
        opened = {number for device, number in self.held().nameless if device != shared}
        # Overlay and btrfs tell other devices here than stat does, but one run has one disk.
        found = {(device, number) for device, number in found if number not in opened}
        own = _maps("/proc/self", most=_MOST_MAPS_BYTES)
        found = {inode for inode in found if inode[0] != shared} - _removed(own)
        return len(found & self._mapped()) if found else 0  # it was just being closed or removed

    def _mapped(self) -> set[Inode]:
        """Return the removed files that are mapped."""
        found: set[Inode] = set()
        left = _MOST_MAPS_BYTES
        for pid in self._processes():
            text = _maps(proc.home(pid), most=left)
            found |= _removed(text)
            left -= len(text)
        return found

    def _shared_memory(self) -> int | None:
        """Return the device of the run's own ``/dev/shm``, which counts as memory."""
        if not self._own_shared_memory:
            return None
        try:
            return os.stat(f"{proc.home(self._before.pid)}/root{SHARED_MEMORY}").st_dev  # noqa: PTH116 - as below
        except OSError:
            return None

    def _processes(self) -> Iterator[int]:
        """Yield the run's processes.

        Raises:
            TimeoutError: if the time is up before all were yielded.
        """
        for pid in proc.with_descendants(self._roots()):
            if time.monotonic() >= self.until:
                raise TimeoutError
            yield pid

    def _still_preloaded(self) -> int:
        """Return what to take off: nothing once the process runs another program."""
        before = self._before
        return (
            before.size if before.stack and proc.start_of_stack(before.pid) == before.stack else 0
        )


def end_strays(spare: Collection[int]) -> None:
    """Kill all our descendants but some children and what is below them, and reap them.

    For a server without process namespaces: what a run leaves comes to it.

    Args:
        spare: Process ids of children that are to live.
    """
    while strays := set(_strays(spare)):
        _kill_strays(spare)
        for pid in strays:
            with contextlib.suppress(ChildProcessError):  # its parent's; it comes to us next
                os.waitpid(pid, 0)


def _kill_strays(spare: Collection[int]) -> None:
    """Stop all before the first is killed, so that none can fork meanwhile."""
    stopped: set[int] = set()
    while new := set(_strays(spare)) - stopped:
        stopped |= new
        for pid in new:
            _signal(pid, signal.SIGSTOP, stopped)
    for pid in stopped:
        _signal(pid, signal.SIGKILL, stopped)


def _signal(pid: int, number: int, family: set[int]) -> None:
    """Send a signal, unless the process has ended and its id has gone to a stranger."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            parent = int(proc.stat(pid)[proc.PARENT])
            if parent in family or parent == os.getpid():
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def orphans(spare: Collection[int]) -> list[int]:
    """Return the ids of our children but those to spare: what we adopted."""
    return [pid for pid in proc.children("self") if pid not in spare]


def _strays(spare: Collection[int]) -> list[int]:
    return list(proc.with_descendants(orphans(spare)))


def _bound(pid: int) -> int | None:
    """Return an upper bound of what a process adds, in bytes; None if it is gone."""
    fields = proc.fields(pid, "status")
    return sum(fields.get(name, 0) for name in _BOUND) * _KIB if fields else None


def _exact(pid: int) -> int | None:
    fields = proc.fields(pid, "smaps_rollup")
    if not fields:
        return _bound(pid)
    return sum(fields.get(name, 0) for name in _EXACT) * _KIB


def _shared_memory_files(pid: int) -> int:
    try:
        system = os.statvfs(f"{proc.home(pid)}/root{SHARED_MEMORY}")
    except OSError:
        return 0
    return (system.f_blocks - system.f_bfree) * system.f_frsize


class _Opened:
    """What a process holds by descriptors and by the folder that it is in.

    Args:
        home: Where ``/proc`` tells of it.
        most_watches: So many are counted at most.

    Attributes:
        watches: Its epolls and what they watch, once all files were looked at.
    """

    def __init__(self, home: str, *, most_watches: int) -> None:
        self._home, self._most_watches = home, most_watches
        self.watches = 0

    def files(self) -> Iterator[os.stat_result]:
        """Yield the status of each, and of removed folders that are held with it."""
        try:
            names = os.listdir(f"{self._home}/fd")  # noqa: PTH208 - only names are wanted
        except OSError:
            return
        for place in (f"{self._home}/cwd", *(f"{self._home}/fd/{name}" for name in names)):
            with contextlib.suppress(OSError):  # closed meanwhile
                status = os.stat(place)  # noqa: PTH116 - follows to the open file itself
                yield status
                kind = stat.S_IFMT(status.st_mode)
                if not kind:  # neither on a disk nor a pipe nor a socket
                    self._count_watches(place)
                elif kind == stat.S_IFDIR and status.st_nlink == 0:
                    yield from _removed_above(place)

    def _count_watches(self, place: str) -> None:
        """Count what an epoll watches: a line each, also of numbers that are closed by now.

        Raises:
            OSError: if it was closed meanwhile.
        """
        room = self._most_watches - self.watches
        if room <= 0 or os.readlink(place) != _EPOLL:  # noqa: PTH115 - is no path
            return
        told = proc.chunks(place.replace("/fd/", "/fdinfo/"))
        with contextlib.closing(told):
            watches = 1
            for chunk in told:
                watches += chunk.count(_WATCH)
                if watches >= room:
                    break
        self.watches += min(room, watches)


def _removed_above(folder: str) -> Iterator[os.stat_result]:
    """Yield the removed folders in which a removed folder was: it holds them too.

    Raises:
        ValueError: if there are more than can be made in one another: a program that moves the
            removed ones into others buries as many as it likes, and the kernel takes seconds to
            free them.
    """
    for depth in range(1, _DEEPEST + 1):
        status = os.stat(f"{folder}{'/..' * depth}")  # noqa: PTH116 - as above
        if status.st_nlink:
            return
        yield status
    raise ValueError(f"more than {_DEEPEST} removed folders lie one within the other")


def _buffer_bytes(pipes: int, sockets: int) -> int:
    """Return what pipes and sockets can hold, the dearer ones first."""
    dear = max(0, sockets - FREE_BUFFERS)
    cheap = max(0, pipes - max(0, FREE_BUFFERS - sockets))
    return dear * _socket_bytes() + cheap * _PIPE_PAGES * os.sysconf("SC_PAGE_SIZE")


@functools.cache
def _socket_bytes() -> int:
    """Return what may wait in a socket: the other end may send as long as it has any room left."""
    one, other = socket.socketpair()
    with one, other:
        return 2 * one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


def _sockets(pid: int) -> int:
    """Return how many sockets there are in the network of a process; 0 once it has ended."""
    return proc.fields(pid, "net/sockstat", word=1).get("sockets", 0)


def _maps(place: str, *, most: int) -> bytes:
    """Return the mappings of a process; none if it has ended.

    Raises:
        ValueError: if they are longer: a name of bytes that the kernel escapes makes a line of
            64 KiB, and there may be tens of thousands of lines.
    """
    found: list[bytes] = []
    with (
        contextlib.suppress(OSError),  # it has ended
        contextlib.closing(proc.chunks(f"{place}/maps")) as chunks,
    ):
        for chunk in chunks:
            most -= len(chunk)
            if most < 0:
                raise ValueError("its processes have too many mappings")
            found.append(chunk)
    return b"".join(found)


def _removed(maps: bytes) -> set[Inode]:
    """Return the removed files that stand in a ``/proc/PID/maps``.

    A file that is only called so counts too. The kernel escapes ends of lines in names.
    """
    if _REMOVED not in maps:
        return set()
    lines = (line for line in maps.split(b"\n") if line.endswith(_REMOVED))
    return {_inode(line.split(maxsplit=5)) for line in lines}


def _inode(fields: list[bytes]) -> Inode:
    major, _, minor = fields[3].partition(b":")
    return os.makedev(int(major, 16), int(minor, 16)), int(fields[4])
