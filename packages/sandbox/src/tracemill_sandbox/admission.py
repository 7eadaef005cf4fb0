"""Who may run now: a bounded queue in order of arrival, held to free workers and to memory.

Nobody is overtaken: a request that needs more memory than is free holds up those behind it, so that
it is not starved by small ones.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from tracemill_sandbox.errors import PoolSaturated, RequestInvalid, SandboxError
from tracemill_sandbox.request import Limits

T = TypeVar("T")

_UNKNOWN_RUN_SECONDS = 1.0
_SHORTEST_RETRY_SECONDS = 0.05
_RECENT_RUNS = 64
_MEMORY_FILES = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)
"""Bound of the process's own control group, as containers mount it: cgroup v2, then v1."""


@dataclass(eq=False)
class _Waiter(Generic[T]):
    future: asyncio.Future[T]
    memory_bytes: int


class Admission(Generic[T]):
    """Hands idle workers to whoever came first; for one event loop.

    Args:
        slots: Workers that there are to be; only for the estimate of the wait.
        most_waiting: Requests that may wait for a worker; one more is refused.
        memory_bytes: Sum of the memory limits of the runs in flight.
    """

    def __init__(self, *, slots: int, most_waiting: int, memory_bytes: int) -> None:
        self._slots, self._most_waiting, self._memory = slots, most_waiting, memory_bytes
        self._free = memory_bytes
        self._idle: deque[T] = deque()
        self._waiting: deque[_Waiter[T]] = deque()
        self._recent: deque[float] = deque(maxlen=_RECENT_RUNS)
        self._closed: SandboxError | None = None

    @property
    def waiting(self) -> int:
        """Requests that wait for a worker."""
        return len(self._waiting)

    async def enter(
        self,
        memory_bytes: int,
        *,
        again: bool = False,
        patient: bool = False,
    ) -> T:
        """Wait for an idle worker and for the memory; ``leave`` gives the memory back.

        Args:
            memory_bytes: The request's limit.
            again: For one that was admitted before and lost its worker: it goes first.
            patient: For the parts of a whole that was admitted: it waits however many do.

        Raises:
            RequestInvalid: if it asks for more memory than the whole pool may use.
            PoolSaturated: if too many wait already.
            SandboxError: what ``close`` or ``fail_waiting`` was given.
        """
        self.check(memory_bytes)
        if not (again or patient):
            self._refuse_if_full(memory_bytes)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(future, memory_bytes)
        (self._waiting.appendleft if again else self._waiting.append)(waiter)
        self._hand_out()
        try:
            return await waiter.future
        except asyncio.CancelledError:
            self._withdraw_waiter(waiter)
            raise

    def check(self, memory_bytes: int) -> None:
        """Refuse what can never be admitted; see ``enter``."""
        if self._closed is not None:
            raise self._closed
        if memory_bytes > self._memory:
            raise RequestInvalid(
                f"limit memory_bytes: wanted at most the {self._memory} bytes that all runs of "
                f"this pool may use together, got {memory_bytes}; ask for less, or open the pool "
                "with a larger memory_bytes="
            )

    def leave(self, memory_bytes: int, *, seconds: float | None = None) -> None:
        """Give the memory of a request back; ``seconds`` is how long it had its worker."""
        self._free += memory_bytes
        if seconds is not None:
            self._recent.append(seconds)
        self._hand_out()

    def offer(self, worker: T) -> None:
        """Hand over an idle worker."""
        self._idle.append(worker)
        self._hand_out()

    def take_back(self, worker: T) -> bool:
        """Take an idle worker out; False if it is not idle."""
        if worker not in self._idle:
            return False
        self._idle.remove(worker)
        return True

    def fail_waiting(self, error: SandboxError) -> None:
        """Refuse all who wait now."""
        while self._waiting:
            future = self._waiting.popleft().future
            if not future.done():
                future.set_exception(error)

    def close(self, error: SandboxError) -> None:
        """Refuse all who wait and all who come."""
        self._closed = error
        self.fail_waiting(error)

    def retry_after(self) -> float:
        """Return the seconds until a newcomer would have its turn, from recent run times."""
        mean = sum(self._recent) / len(self._recent) if self._recent else _UNKNOWN_RUN_SECONDS
        return max(_SHORTEST_RETRY_SECONDS, mean * (len(self._waiting) + 1) / self._slots)

    def _refuse_if_full(self, memory_bytes: int) -> None:
        at_once = bool(self._idle) and not self._waiting and memory_bytes <= self._free
        if at_once or len(self._waiting) < self._most_waiting:
            return
        raise PoolSaturated(
            waiting=len(self._waiting),
            limit=self._most_waiting,
            retry_after=round(self.retry_after(), 3),
        )

    def _hand_out(self) -> None:
        while (pair := self._next_pair()) is not None:
            waiter, worker = pair
            self._waiting.remove(waiter)
            self._idle.remove(worker)
            self._free -= waiter.memory_bytes
            waiter.future.set_result(worker)

    def _next_pair(self) -> tuple[_Waiter[T], T] | None:
        for waiter in self._waiting:
            if waiter.future.done():
                continue  # called off; its task will take it out
            if waiter.memory_bytes > self._free:
                return None
            return (waiter, self._idle[0]) if self._idle else None
        return None

    def _withdraw_waiter(self, waiter: _Waiter[T]) -> None:
        """Give back what a waiter was handed in the moment in which it was called off."""
        if waiter in self._waiting:
            self._waiting.remove(waiter)
        future = waiter.future
        if not future.cancelled() and future.exception() is None:
            self._free += waiter.memory_bytes
            self._idle.appendleft(future.result())
        self._hand_out()


def machine_memory(
    proc: Path = Path("/proc/meminfo"), bounds: tuple[str, ...] = _MEMORY_FILES
) -> int:
    """Return the bytes that runs may use together where the caller names no number.

    What the kernel calls available, or the bound of the process's control group where that is
    less; never less than one default request, since limits are upper bounds that few runs reach.
    """
    found = [_available(proc), *map(_bound, bounds)]
    known = [number for number in found if number is not None]
    least = Limits().memory_bytes
    return max(least, min(known)) if known else least


def _available(proc: Path) -> int | None:
    try:
        lines = proc.read_text().splitlines()
    except OSError:
        return None
    values = dict(line.split(":", 1) for line in lines if ":" in line)
    said = values.get("MemAvailable", "").split()
    return int(said[0]) * 1024 if said else None


def _bound(path: str) -> int | None:
    try:
        said = Path(path).read_text().strip()
    except OSError:
        return None
    return int(said) if said.isdigit() else None
