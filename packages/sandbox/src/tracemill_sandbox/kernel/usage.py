"""Memory, processes and nameless files of a whole run, and the end of what is left of one.

Its server looks from outside: at the program's process and at whatever adopts the run's orphans,
which is the first process of its namespace, or the server itself. So every process of the run is
in sight, whatever it does. Process ids here are those that ``/proc`` shows.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import socket
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from tracemill_sandbox.kernel.namespaces import SHARED_MEMORY

_KIB, _MIB = 1 << 10, 1 << 20
_BOUND = ("RssAnon", "RssShmem", "VmSwap")
_EXACT = ("Pss_Anon", "Pss_Shmem", "SwapPss")
_BLOCK_BYTES = 512
_PIPE_PAGES = 16  # PIPE_DEF_BUFFERS of linux/pipe_fs_i.h; the filter refuses F_SETPIPE_SZ
_MOST_MAPS_BYTES = 32 * _MIB
_REMOVED = b" (deleted)"
_PARENT, _START_OF_STACK = 1, 25  # fields 4 and 28 of /proc/PID/stat, counted behind the name


FREE_BUFFERS = 64
"""Pipes and sockets that count as nothing: those of an event loop, of some processes and queues."""

Inode = tuple[int, int]
"""Device and number."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the descriptors of a run hold.

    Attributes:
        nameless: Bytes on the disk of each file that was removed.
        buffer_bytes: The most that its pipes and sockets can hold beyond the first 64.
    """

    nameless: Mapping[Inode, int]
    buffer_bytes: int

    @property
    def nameless_bytes(self) -> int:
        """Bytes on the disk of all files that were removed."""
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
    """

    def __init__(
        self, program: int, roots: Callable[[], Collection[int]], *, own_shared_memory: bool
    ) -> None:
        self._roots, self._own_shared_memory = roots, own_shared_memory
        self._before = _Preloaded(pid=program, stack=_start_of_stack(program), size=_bound(program))

    def private_bytes(self, *, enough: int) -> int:
        """Return the memory of the whole run beyond what was preloaded, in bytes.

        Args:
            enough: Up to this the cheap upper bound does. Above it pages that several processes
                share are counted once, which costs milliseconds per gigabyte; of what was
                preloaded the run's share is counted as well then.

        Swapped memory and the run's own ``/dev/shm`` count; a file there that is mapped as well
        counts twice. What can not be read counts whole. Pipes and sockets stand in ``held``.
        """
        pids = self._processes()
        files = _shared_memory_files(self._before.pid) if self._own_shared_memory else 0
        bound = sum(map(_bound, pids)) - self._still_preloaded() + files
        if bound <= enough:
            return max(0, bound)
        return min(bound, sum(map(_exact, pids)) + files)

    def tasks(self) -> int:
        """Return how many processes and threads the run has."""
        return sum(_fields(pid, "status").get("Threads", 0) for pid in self._processes())

    def held(self) -> Held:
        """Return what the run has open; each thing counts once, whoever has it."""
        nameless: dict[Inode, int] = {}
        pipes: set[Inode] = set()
        sockets: set[Inode] = set()
        for pid in self._processes():
            for status in _open_files(pid):
                inode = status.st_dev, status.st_ino
                if stat.S_ISFIFO(status.st_mode):
                    pipes.add(inode)
                elif stat.S_ISSOCK(status.st_mode):
                    sockets.add(inode)
                elif stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    nameless[inode] = status.st_blocks * _BLOCK_BYTES
        # What a thread waits for in poll lives on when it is closed: where the run's server has a
        # network of its own, the kernel's count of its sockets is the better one.
        alive = _sockets(self._before.pid) if self._own_shared_memory else 0
        return Held(
            nameless=nameless, buffer_bytes=_buffer_bytes(len(pipes), max(len(sockets), alive))
        )

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
        found = {inode for inode in found if inode[0] != shared} - _removed(_maps("/proc/self"))
        return len(found & self._mapped()) if found else 0  # it was just being closed or removed

    def _mapped(self) -> set[Inode]:
        """Return the removed files that are mapped."""
        found: set[Inode] = set()
        left = _MOST_MAPS_BYTES
        for pid in self._processes():
            text = _maps(_home(pid))
            found |= _removed(text)
            left -= len(text)
            if left < 0:
                raise ValueError("its processes have too many mappings")
        return found

    def _shared_memory(self) -> int | None:
        """Return the device of the run's own ``/dev/shm``, which counts as memory."""
        if not self._own_shared_memory:
            return None
        try:
            return os.stat(f"{_home(self._before.pid)}/root{SHARED_MEMORY}").st_dev  # noqa: PTH116 - as below
        except OSError:
            return None

    def _processes(self) -> list[int]:
        return _with_descendants(self._roots())

    def _still_preloaded(self) -> int:
        """Return what to take off: nothing once the process runs another program."""
        before = self._before
        return before.size if before.stack and _start_of_stack(before.pid) == before.stack else 0


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
            parent = int(_stat(pid)[_PARENT])
            if parent in family or parent == os.getpid():
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def orphans(spare: Collection[int]) -> list[int]:
    """Return the ids of our children but those to spare: what we adopted."""
    return [pid for pid in _children("self") if pid not in spare]


def _strays(spare: Collection[int]) -> list[int]:
    return _with_descendants(orphans(spare))


def _with_descendants(roots: Collection[int]) -> list[int]:
    """Return processes and all below them, each once."""
    found = list(dict.fromkeys(roots))
    for pid in found:  # grows while it is walked
        found += _children(str(pid))
    return found


def _children(process: str) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for task in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 - only names are wanted
            found += map(int, _read(f"/proc/{process}/task/{task}/children").split())
    return found


def _bound(pid: int) -> int:
    """Return an upper bound of what a process adds, in bytes; 0 once it has ended."""
    fields = _fields(pid, "status")
    return sum(fields.get(name, 0) for name in _BOUND) * _KIB


def _exact(pid: int) -> int:
    fields = _fields(pid, "smaps_rollup")
    if not fields:
        return _bound(pid)
    return sum(fields.get(name, 0) for name in _EXACT) * _KIB


def _fields(pid: int, name: str, *, word: int = 0) -> dict[str, int]:
    """Return the numbers of a file of ``NAME: NUMBER`` lines; empty if it can not be read.

    The number is the first word behind the name, or that many words later.

    A program chooses its own name, which stands in there too: so bytes, and lines as the kernel
    ends them.
    """
    try:
        lines = _read(f"{_home(pid)}/{name}").split(b"\n")
    except OSError:
        return {}
    pairs = (line.partition(b":") for line in lines)
    words = ((key.decode("ascii", "replace"), value.split()) for key, _, value in pairs)
    return {key: int(v[word]) for key, v in words if len(v) > word and v[word].isdigit()}


def _home(pid: int) -> str:
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
        return _read(f"{place}/statm").split()[:1] != [b"0"]
    except OSError:
        return False


def _start_of_stack(pid: int) -> bytes:
    """Return where the stack begins, which each start of a program draws anew; b"" if unknown."""
    try:
        start = _stat(pid)[_START_OF_STACK]
    except OSError:
        return b""
    return b"" if start == b"0" else start


def _stat(pid: int) -> list[bytes]:
    """Return the fields of ``/proc/PID/stat`` behind the name, which may hold anything."""
    return _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()


def _shared_memory_files(pid: int) -> int:
    try:
        system = os.statvfs(f"{_home(pid)}/root{SHARED_MEMORY}")
    except OSError:
        return 0
    return (system.f_blocks - system.f_bfree) * system.f_frsize


def _open_files(pid: int) -> Iterator[os.stat_result]:
    folder = f"{_home(pid)}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - only names are wanted
    except OSError:
        return
    for name in names:
        with contextlib.suppress(OSError):  # closed meanwhile
            yield os.stat(f"{folder}/{name}")  # noqa: PTH116 - follows to the open file itself


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
    return _fields(pid, "net/sockstat", word=1).get("sockets", 0)


def _maps(place: str) -> bytes:
    try:
        return _read(f"{place}/maps")
    except OSError:  # it has ended
        return b""


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


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return b"".join(iter(lambda: os.read(descriptor, 1 << 16), b""))
    finally:
        os.close(descriptor)
