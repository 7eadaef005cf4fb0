"""A worker: a fork of the template that keeps processes waiting, hands runs to them, watches them.

It forwards descriptors and reads nothing of them, so no run's data is ever in its memory. It alone
tells the host how a run ended, on a socket that the program never has, and only once every process
of the run is dead.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.inside import entry, prefault
from tracemill_sandbox.inside.job import Bounds, Job, Message, receive, send
from tracemill_sandbox.inside.seat import Run, Seat, take_seat
from tracemill_sandbox.kernel import call, namespaces, usage
from tracemill_sandbox.kernel.tier import Tier

_RETRY_SECONDS = 0.1
"""How long a seat that could not be made waits: so soon after a full disk has room, it is."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and as what a worker's runs go.

    Attributes:
        tier: What holds for them.
        uid: User that they have, as the host counts.
        folder: The worker's folder; run N has its folder N below it.
        spares: Processes that wait for runs.
        pages: What runs are known to write to.
    """

    tier: Tier
    uid: int
    folder: str
    spares: int
    pages: prefault.Pages


def serve(control: int, place: Place, told: int) -> None:
    """Serve runs until the host hangs up.

    Without namespaces the worker outlives a template that was killed: it alone can reach what its
    runs have started, and ends it when the host hangs up.

    Args:
        control: Descriptor of the socket to the host.
        place: Where and as what its runs go.
        told: Pipe to which the id of the process that serves is written, as the template counts.

    Raises:
        OSError: if the kernel refuses what it granted when the template probed it.
    """
    if place.tier.namespaces:
        if os.getuid() != place.uid:
            call.become(place.uid, place.uid)
        namespaces.enter_worker(told)  # where they hold, the worker dies with the template
    else:
        os.write(told, str(os.getpid()).encode())
        os.close(told)
    call.adopt_orphans()
    call.set_dumpable(dumpable=False)
    Server(socket.socket(fileno=control), place).serve()


class Server:
    """The worker's own loop: one thread, blocked in poll while there is nothing to look at."""

    def __init__(self, control: socket.socket, place: Place) -> None:
        self._control, self._place = control, place
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY) if place.tier.namespaces else -1
        self._poller = select.poll()
        self._poller.register(control, select.POLLIN)
        self._seats: dict[int, Seat] = {}
        self._waiting: dict[int, Seat] = {}
        self._runs: dict[int, Run] = {}
        self._made = 0
        self._owed, self._next_try = 0, math.inf

    def serve(self) -> None:
        """Answer until the host hangs up; then end every seat."""
        for _ in range(self._place.spares):
            self._add_seat()
        while True:
            for descriptor, _ in self._poller.poll(self._patience()):
                if descriptor in self._seats:
                    self._ended(self._seats[descriptor])
                elif not self._hear():
                    return self._end_all()
            now = time.monotonic()
            for run in self._runs.values():
                run.look(now)
            if now >= self._next_try:
                self._add_owed()

    def _patience(self) -> float | None:
        """Return the milliseconds until there is something to do."""
        due = min(self._next_try, *(run.due for run in self._runs.values()), math.inf)
        return None if due == math.inf else max(0.0, 1000 * (due - time.monotonic()))

    def _hear(self) -> bool:
        received = receive(self._control)
        if received is None:
            return False
        message, descriptors = received
        if "run" in message:
            self._hand_over(message, descriptors)
        elif "seat" in message:
            self._add_seat()
        else:
            send(self._control, {"health": _health()})
        return True

    def _hand_over(self, message: Message, descriptors: list[int]) -> None:
        request, result, stdout, stderr, status = descriptors
        job = Job(request=request, result=result, stdout=stdout, stderr=stderr, status=status)
        seat = self._waiting.pop(int(str(message["run"])), None)
        if seat is not None:  # else it died meanwhile; closing the descriptors tells the host
            bounds = Bounds(**message["bounds"])  # type: ignore[arg-type]  # our host wrote it
            self._runs[seat.handle] = seat.begin(job, bounds, others=self._others)
        for descriptor in job.descriptors()[:4]:
            os.close(descriptor)
        if seat is None:
            os.close(status)
        if len(self._waiting) + self._owed < self._place.spares:
            self._add_seat()

    def _add_seat(self) -> None:
        """Make a seat, now or as soon as its folder can be made: others may fill the disk."""
        number, self._made = self._made, self._made + 1
        folder = Path(self._place.folder) / str(number)
        try:
            self._make_folder(folder)
        except OSError:
            with contextlib.suppress(OSError):  # it was not even made
                folder.rmdir()
            self._owed, self._next_try = self._owed + 1, time.monotonic() + _RETRY_SECONDS
            return
        place = entry.Place(
            folder=str(folder),
            tier=self._place.tier,
            uid=self._place.uid,
            pages=self._place.pages,
        )
        seat = take_seat(number, place, own_namespace=self._own, not_for_it=self._descriptors())
        self._seats[seat.handle] = self._waiting[number] = seat
        self._poller.register(seat.handle, select.POLLIN)
        send(self._control, {"seat": number})

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if not self._place.tier.namespaces and os.getuid() != self._place.uid:
            os.chown(folder, self._place.uid, self._place.uid)

    def _add_owed(self) -> None:
        owed, self._owed, self._next_try = self._owed, 0, math.inf
        for _ in range(owed):
            self._add_seat()

    def _descriptors(self) -> list[int]:
        """Return what a new process must not keep: a copy of a socket would hold it open."""
        found = [self._control.fileno()]
        for seat in self._seats.values():
            found += seat.descriptors()
        found += [run.status.fileno() for run in self._runs.values()]
        return [*found, self._own] if self._own >= 0 else found

    def _others(self, seat: Seat) -> list[int]:
        """Return the processes of all other seats, as ``/proc`` counts."""
        return [pid for other in self._seats.values() if other is not seat for pid in other.shown]

    def _ended(self, seat: Seat) -> None:
        """Reap a program's process and end what is left of its run; only then tell the host."""
        del self._seats[seat.handle]
        self._poller.unregister(seat.handle)
        waited = seat.reap()
        if not self._place.tier.namespaces:
            usage.end_strays([pid for other in self._seats.values() for pid in other.shown])
        run = self._runs.pop(seat.handle, None)
        if run is not None:
            run.tell(waited)
        elif self._waiting.pop(seat.number, None) is not None:
            send(self._control, {"gone": seat.number})
        seat.close()

    def _end_all(self) -> None:
        for seat in self._seats.values():
            seat.kill()
        for seat in self._seats.values():
            seat.reap()
        if not self._place.tier.namespaces:
            usage.end_strays(())


def _health() -> dict[str, int]:
    fields = Path("/proc/self/statm").read_text().split()
    private = (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
    return {"descriptors": len(list(Path("/proc/self/fd").iterdir())), "memory_bytes": private}
