"""A seat: a confined process that waits for a run, and the run once it has one.

Where namespaces hold, each seat has a process namespace of its own. Its first process is a shell
that waits, and reaps the orphans that come to it: small, so it costs next to nothing, and once it
dies the kernel ends every other process of the run. The program's process is our child beside it,
so its end and its usage are told by the kernel to us and to nobody else.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tracemill_sandbox.inside import entry
from tracemill_sandbox.inside.job import Bounds, Ended, Job, send
from tracemill_sandbox.inside.watch import Verdict, Watch
from tracemill_sandbox.kernel import confine, namespaces, readable, usage

_FIRST = (namespaces.SHELL, "-c", "sleep 2147483647 & wait")
_FIRST_TASKS = 2


@dataclass(frozen=True, kw_only=True)
class First:
    """The first process of a run's namespace.

    Attributes:
        pid: Its id, as we count.
        handle: Pidfd of it.
    """

    pid: int
    handle: int

    def end(self) -> None:
        """Kill it and wait; when it is gone, so is every process of its namespace."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@dataclass(frozen=True, kw_only=True)
class Waited:
    """What the kernel says of a process that has ended."""

    status: int
    usage: resource.struct_rusage


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A confined process that waits for its descriptors.

    Attributes:
        number: Its name, and that of its folder.
        place: Where and as what its program runs.
        pid: Id of the program's process, as we count.
        handle: Pidfd of it.
        program: Our end of its socket.
        ready: It writes here that it is confined, and that it is set up; see ``entry.become``.
        first: The first process of its namespace, if it has one.
        shown: Ids of these processes, as ``/proc`` shows them.
        held: Descriptors that keep what it may read there readable; see ``readable.hold``.
    """

    number: int
    place: entry.Place
    pid: int
    handle: int
    program: socket.socket
    ready: int
    first: First | None
    shown: tuple[int, ...]
    held: tuple[int, ...]

    def begin(
        self,
        job: Job,
        bounds: Bounds,
        *,
        others: Callable[[Seat], Collection[int]],
    ) -> Run:
        """Hand a run over; what goes wrong shows as the end of the process.

        Args:
            job: Its descriptors; ``status`` is the run's to close from here on.
            bounds: What it may use.
            others: Returns the processes of other seats.
        """
        namespaced = self.place.tier.namespaces
        status = socket.socket(fileno=job.status)
        confined = os.read(self.ready, 1) == entry.CONFINED
        began = time.monotonic()
        counter = usage.Counter(
            self.shown[0],
            lambda: self.shown if namespaced else usage.orphans(others(self)),
            own_shared_memory=namespaced,
        )
        if namespaced:
            bounds = replace(bounds, processes=bounds.processes + _FIRST_TASKS)
        watch = Watch(counter, folder=Path(self.place.folder), bounds=bounds, began=began)
        run = Run(self, status, watch, confined=confined)
        with contextlib.suppress(OSError):  # it has died; we will be told
            beside = 0 if namespaced else confine.tasks_of(self.place.uid)
            send(self.program, {"others": beside}, job.descriptors()[:4])
        if confined:
            send(status, {"started": True}, [self.handle])
        return run

    def kill(self) -> None:
        """End the program's process at once."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def reap(self) -> Waited:
        """Wait for the program's process, then end its namespace with all that is left in it."""
        _, status, used = os.wait4(self.pid, 0)
        if self.first is not None:
            self.first.end()
        return Waited(status=status, usage=used)

    def close(self) -> None:
        """Close our descriptors of it."""
        self.program.close()
        for descriptor in self.descriptors()[1:]:
            os.close(descriptor)

    def descriptors(self) -> list[int]:
        """Return our descriptors of it; the socket comes first."""
        own = [self.program.fileno(), self.handle, self.ready, *self.held]
        return own if self.first is None else [*own, self.first.handle]


class Run:
    """A run that goes on.

    Args:
        seat: Where.
        status: Socket on which the host is told.
        watch: Its bounds.
        confined: Whether the process had given everything up.
    """

    def __init__(self, seat: Seat, status: socket.socket, watch: Watch, *, confined: bool) -> None:
        self.status = status
        self._seat, self._watch, self._confined = seat, watch, confined
        self._verdict: Verdict | None = None

    @property
    def due(self) -> float:
        """When to look at it next, as ``time.monotonic`` tells."""
        return math.inf if self._verdict is not None else self._watch.due

    def look(self, now: float) -> None:
        """End it if it passed a bound."""
        if self._verdict is not None:
            return
        try:
            self._verdict = self._watch.look(now)
        except (OSError, ValueError) as error:
            self._verdict = ("killed", f"what it uses can not be measured ({error})")
        if self._verdict is not None:
            self._seat.kill()

    def tell(self, waited: Waited) -> None:
        """Tell the host how it ended; nothing of it lives any more."""
        cause, reason = self._verdict or (None, "")
        ended = Ended(
            wait_status=waited.status,
            wall_seconds=time.monotonic() - self._watch.began,
            cpu_seconds=waited.usage.ru_utime + waited.usage.ru_stime,
            peak_memory_bytes=waited.usage.ru_maxrss << 10,
            cause=cause,
            reason=reason,
        )
        with self.status, contextlib.suppress(OSError):  # a host that has gone needs no word
            if why := self._not_begun(waited):
                send(self.status, {"failed": why})
            else:
                send(self.status, {"ended": asdict(ended)})

    def _not_begun(self, waited: Waited) -> str:
        """Return why the process came to its end before the program began; empty if it began.

        One that was killed meanwhile counts as begun: it was for its time, or the caller's wish.
        """
        why = f"the process ended with status {waited.status}"
        if not self._confined:
            return why
        if os.WIFSIGNALED(waited.status):
            return ""
        said = os.read(self._seat.ready, entry.REASON_BYTES)  # every writer is dead
        return "" if said == entry.SET_UP else said.decode(errors="replace") or why


def take_seat(
    number: int, place: entry.Place, *, own_namespace: int, not_for_it: Sequence[int]
) -> Seat:
    """Fork a process that confines itself and waits for a run.

    Args:
        number: The seat's.
        place: Where and as what its program runs; the folder exists.
        own_namespace: Descriptor of our own process namespace; -1 without namespaces.
        not_for_it: Descriptors that the process must not keep.

    Raises:
        OSError: if the kernel refuses.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ready, readied = os.pipe()
    first = None
    if place.tier.namespaces:
        namespaces.next_run()
        first = _start_first()
    pid = os.fork()
    if pid == 0:
        mine = [] if first is None else [first.handle]
        for descriptor in (*not_for_it, *mine, ours.fileno(), ready):
            os.close(descriptor)
        entry.become(theirs, place, readied)
    if place.tier.namespaces:
        namespaces.back(own_namespace)
    theirs.close()
    os.close(readied)
    handle = os.pidfd_open(pid)
    handles = [handle] if first is None else [handle, first.handle]
    shown = tuple(map(_shown_pid, handles))
    return Seat(
        number=number,
        place=place,
        pid=pid,
        handle=handle,
        program=ours,
        ready=ready,
        first=first,
        shown=shown,
        held=readable.hold(readable.own_proc(shown[0])),
    )


def _start_first() -> First:
    """Start the first process of a new namespace without copying our memory for it."""
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        pid = os.posix_spawn(
            _FIRST[0],
            _FIRST,
            {"PATH": "/usr/bin:/bin"},
            file_actions=[(os.POSIX_SPAWN_DUP2, nothing, standard) for standard in (0, 1, 2)],
        )
    finally:
        os.close(nothing)
    return First(pid=pid, handle=os.pidfd_open(pid))


def _shown_pid(handle: int) -> int:
    """Return the id of a process as ``/proc`` shows it, which may be of an outer namespace."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))
