"""The time for which a request has a worker: taken from admission, given back exactly once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tracemill_sandbox.errors import PoolSaturated, WorkerLost
from tracemill_sandbox.lifecycle.household import Household
from tracemill_sandbox.lifecycle.member import Member


@dataclass(eq=False, kw_only=True)
class Lease:
    """A worker that one request has.

    Attributes:
        member: The worker.
        memory_bytes: What the request may use; counted against the whole until the end.
        waited: Seconds that the request waited for it.
        trouble: Why the worker is to be probed when it is given back; see ``fail``.
    """

    member: Member
    memory_bytes: int
    waited: float
    trouble: str = ""
    _house: Household
    _began: float
    _over: bool = False

    def __enter__(self) -> Self:
        """Use it for one piece of work."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the worker back, to be probed if it failed."""
        if isinstance(error, WorkerLost):
            self.fail(str(error))
        self.release()

    def fail(self, reason: str) -> None:
        """Have the worker probed when it is given back; ended, if there is no other to go to."""
        self.trouble = reason
        if len(self._house.members) == 1:
            self.member.end(reason)

    def release(self) -> None:
        """Give the worker back; a second call does nothing."""
        if self._over:
            return
        self._over = True
        seconds = asyncio.get_running_loop().time() - self._began
        self._house.meter.busy(seconds)
        self._settle()
        self._house.admission.leave(self.memory_bytes, seconds=seconds)
        self._house.in_use -= 1

    def _settle(self) -> None:
        member = self.member
        member.runs += 1
        if member.gone.done():
            return  # its keeper knows
        if member.occupied:
            member.end("still busy with what was given up")
        elif self.trouble:
            member.suspect(self.trouble)
        else:
            self._house.give_back(member)


@dataclass(kw_only=True)
class Turn:
    """What a request went through so far.

    Attributes:
        waited: Seconds that it waited for workers.
        attempts: Workers that it had; one that failed may be had again once a probe proved it.
        patient: See ``Admission.enter``.
    """

    waited: float = 0.0
    attempts: int = 0
    patient: bool = False


async def take(house: Household, memory_bytes: int, turn: Turn, what: str) -> Lease:
    """Wait for a worker.

    Raises:
        SandboxUnavailable: if there is none and none can be started.
        PoolSaturated: if too many wait.
        PoolStopped: if the pool stops.
        RequestInvalid: if the request asks for more memory than there is.
    """
    refusal = house.unavailable()
    if refusal is not None:
        raise refusal
    loop = asyncio.get_running_loop()
    asked = loop.time()
    try:
        member = await house.admission.enter(
            memory_bytes, again=turn.attempts > 0, patient=turn.patient
        )
    except PoolSaturated:
        house.meter.add("saturations")
        raise
    began = loop.time()
    turn.attempts += 1
    turn.waited += began - asked
    house.meter.waited(began - asked)
    if not member.gone.done():  # it may have died since it was handed over; then nothing runs on it
        member.move("BUSY", what)
    lease = Lease(
        member=member,
        memory_bytes=memory_bytes,
        waited=turn.waited,
        _house=house,
        _began=began,
    )
    house.in_use += 1
    return lease
