"""Keeps one place of the pool filled: starts a worker, watches it, proves it, replaces it.

start (back-off, breaker) -> READY -> ping ... probe ... recycle -> DEAD -> start the next
"""

from __future__ import annotations

import asyncio
import logging

from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.lifecycle.household import Household
from tracemill_sandbox.lifecycle.member import Member
from tracemill_sandbox.log import say
from tracemill_sandbox.report import ended, late
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.worker import Health, StopFailure, Worker
from tracemill_schema.errors import TracemillError

_PROBE = RunRequest(code="answer = 6 * 7", outputs=("answer",), limits=Limits(wall_seconds=5.0))
_RETIRE_SECONDS = 5.0
"""Longest wait for a lost worker's remains to be removed; its place is filled meanwhile."""


class Keeper:
    """One place of the pool, kept from its making until ``dismiss``.

    Attributes:
        stands: Done once the first worker stands, with an error if none can be had.
    """

    def __init__(self, house: Household, place: int) -> None:
        self._house, self._upkeep, self._place = house, house.upkeep, place
        self.stands: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._retiring: dict[asyncio.Task[None], str] = {}
        self._task = self._begin()

    def dismiss(self) -> Member | None:
        """Fill the place no more; return its worker, if it has one that is not ended already."""
        self._task.cancel()
        self.stands.cancel()
        member = self._house.members[self._place]
        return None if member is None or member.state == "DEAD" else member

    async def retired(self, seconds: float) -> tuple[StopFailure, ...]:
        """Wait until the remains of earlier workers are removed; return which are not."""
        if self._retiring:
            await asyncio.wait(self._retiring, timeout=seconds)
        return tuple(late(worker_id, "stop", seconds) for worker_id in self._retiring.values())

    def _begin(self) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self._keep())
        task.add_done_callback(self._broke)
        return task

    async def _keep(self) -> None:
        house = self._house
        while True:
            before = house.members[self._place]
            if before is not None and before.state not in {"DEAD", "REPLACED"}:
                self._bury(before, "its keeper broke")
            member = await self._next()
            house.meter.add("starts")
            member.move("READY", f"tier {member.worker.greeting.tier}")
            if before is not None:
                before.move("REPLACED", f"by {member.worker.worker_id}")
                house.meter.add("replacements")
            if not self.stands.done():
                self.stands.set_result(None)
            house.admission.offer(member)
            self._bury(member, await self._until_gone(member))

    async def _next(self) -> Member:
        """Start workers until one stands."""
        breaker, loop = self._house.breaker, asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._upkeep.backoff.seconds(breaker.failures, self._upkeep.draw()))
            while (wait := breaker.wait(loop.time())) > 0:
                await asyncio.sleep(wait)
            member = self._house.members[self._place] = self._house.new_member()
            try:
                await self._start(member)
            except TracemillError as error:
                self._failed(member, error)
            else:
                breaker.succeeded()
                return member

    async def _start(self, member: Member) -> None:
        worker, upkeep = member.worker, self._upkeep
        patience = upkeep.call_off_seconds
        greeting = await member.call(
            worker.start(), seconds=upkeep.start_seconds, patience=patience
        )
        member.watch()
        self._house.accept(greeting)
        await member.call(self._prove(worker), seconds=upkeep.start_seconds, patience=patience)
        member.first_health = await self._ping(member)

    async def _prove(self, worker: Worker) -> None:
        await self._house.prove(worker)

    def _failed(self, member: Member, error: TracemillError) -> None:
        """Enter a failed start; tell those who wait for it if there is no use in waiting."""
        self._bury(member, str(error))
        self._enter(_reason(error), error if isinstance(error, SandboxUnavailable) else None)

    def _enter(self, reason: str, final: SandboxUnavailable | None = None) -> None:
        """Count a failure against the breaker; ``final`` ends the wait for the first worker."""
        house = self._house
        house.meter.add("start_failures")
        house.breaker.failed(reason, asyncio.get_running_loop().time())
        unavailable = house.unavailable()
        if unavailable is not None:
            house.admission.fail_waiting(unavailable)
        refusal = final or unavailable
        if refusal is not None and not self.stands.done():
            self.stands.set_exception(refusal)

    def _bury(self, member: Member, reason: str) -> None:
        """Enter a worker's death and have its remains removed while its place is filled."""
        self._house.admission.take_back(member)
        member.unwatch()
        member.end(reason)
        member.move("DEAD", reason)
        task = asyncio.ensure_future(self._retire(member.worker))
        self._retiring[task] = member.worker.worker_id
        task.add_done_callback(self._retiring.pop)

    async def _retire(self, worker: Worker) -> None:
        failures = await ended(worker.worker_id, "stop", worker.stop(0.0), _RETIRE_SECONDS)
        self._house.failures += failures

    async def _until_gone(self, member: Member) -> str:
        """Look after a worker until it is of no more use; return why."""
        while not member.gone.done():
            member.attention.clear()
            try:
                async with asyncio.timeout(self._upkeep.ping_every):
                    await member.attention.wait()
            except TimeoutError:
                await self._look_at_idle(member)
            if member.state == "SUSPECT" and not member.gone.done():
                await self._probe(member)
        return member.gone.result()

    async def _look_at_idle(self, member: Member) -> None:
        if not self._house.admission.take_back(member):
            return  # busy: what it does has deadlines of its own
        try:
            health = await self._ping(member)
        except WorkerLost as error:
            if not member.gone.done():
                member.suspect(str(error))
        else:
            self._house.give_back(member, health)

    async def _ping(self, member: Member) -> Health:
        """Ask a worker how it is; silence does not end it, a probe decides."""
        seconds = self._upkeep.answer_seconds
        return await member.call(
            member.worker.ping(), seconds=seconds, patience=seconds, fatal=False
        )

    async def _probe(self, member: Member) -> None:
        """Decide on a suspect worker by a program whose answer is known."""
        self._house.meter.add("probes")
        seconds = self._upkeep.answer_seconds
        try:
            result = await member.call(member.worker.run(_PROBE), seconds=seconds, patience=seconds)
        except TracemillError as error:
            member.end(f"failed its probe: {error}")
            return
        if result.ok and result.output("answer") == 42:
            self._house.give_back(member)
        else:
            member.end(f"failed its probe: {result.status}, {result.reason}")

    def _broke(self, task: asyncio.Task[None]) -> None:
        """Make a fault of ours seen, and begin anew: without its keeper a place stays empty."""
        if task.cancelled() or (error := task.exception()) is None:
            return
        say(logging.CRITICAL, "the keeper of place %d of the pool broke", self._place, error=error)
        if not self._house.stopping:
            self._enter(f"{type(error).__name__}: {error}")
            self._task = self._begin()


async def open_backend(house: Household) -> None:
    """Make ready what the workers share; as patient as with the start of a worker.

    Raises:
        SandboxUnavailable: if this machine can not have it, or it fails again and again.
    """
    breaker, upkeep, loop = house.breaker, house.upkeep, asyncio.get_running_loop()
    while True:
        try:
            await house.backend.open()
        except WorkerLost as error:
            breaker.failed(str(error), loop.time())
            if breaker.is_open(loop.time()):
                raise house.refusal() from error
            await asyncio.sleep(upkeep.backoff.seconds(breaker.failures, upkeep.draw()))
        else:
            breaker.succeeded()
            return


def _reason(error: TracemillError) -> str:
    return "; ".join(error.reasons) if isinstance(error, SandboxUnavailable) else str(error)
