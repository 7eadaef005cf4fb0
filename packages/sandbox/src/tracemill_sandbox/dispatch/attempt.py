"""How a request is carried out: on a worker, and if that is lost, once more.

The second worker is another one, or the first one again if it passed a probe before another was
free: all others may have sessions, which last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from tracemill_sandbox.dispatch.lease import Turn, take
from tracemill_sandbox.dispatch.outcome import stamped, without_run
from tracemill_sandbox.errors import PoolStopped, WorkerLost
from tracemill_sandbox.lifecycle.household import STOPPED, Household
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.result import RunResult, Status
from tracemill_sandbox.worker import Worker

T = TypeVar("T")

ATTEMPTS = 2
"""A second loss may well be the program's doing; it would be the third worker's end too."""


async def run(house: Household, request: RunRequest) -> RunResult:
    """Run one program; a worker that is lost is never a verdict on it.

    Raises:
        SandboxError: what ``take`` raises.
    """
    turn = Turn()

    async def work(worker: Worker) -> RunResult:
        return sound(await worker.run(request))

    while True:
        try:
            result = await once(house, turn, request.limits, work, what="a run")
        except WorkerLost as error:
            if turn.attempts == ATTEMPTS:
                result = unfinished(house, str(error))
                break
            house.meter.add("retries")
        except PoolStopped:
            if not turn.attempts:
                raise
            result = unfinished(house, STOPPED)
            break
        else:
            break
    house.meter.ended(result.status)
    return stamped(result, turn)


async def once(
    house: Household,
    turn: Turn,
    limits: Limits,
    work: Callable[[Worker], Coroutine[None, None, T]],
    *,
    what: str,
    runs: int = 1,
) -> T:
    """Take a worker, let it work, give it back.

    Args:
        house: The pool's.
        turn: What the request went through before; brought up to date.
        limits: For the memory, and the last of three deadlines.
        work: Asked of the worker.
        what: For the log.
        runs: Programs that run one after the other in it.

    Raises:
        WorkerLost: if the worker failed.
        SandboxError: what ``take`` raises.
    """
    upkeep = house.upkeep
    seconds = runs * limits.wall_seconds + upkeep.allowance_seconds
    try:
        lease = await take(house, limits.memory_bytes, turn, what)
        with lease:
            member = lease.member
            return await member.call(
                work(member.worker), seconds=seconds, patience=upkeep.call_off_seconds
            )
    except asyncio.CancelledError:
        house.meter.add("cancellations")
        raise


def sound(result: RunResult) -> RunResult:
    """Return a result that says something of the program.

    Raises:
        WorkerLost: if the worker itself says that it failed.
    """
    if result.status == "infra_error":
        raise WorkerLost(f"worker {result.worker_id}: {result.reason}")
    return result


def unfinished(house: Household, reason: str) -> RunResult:
    """Return the result of a run that lost its workers, or its pool."""
    status: Status = "cancelled" if house.stopping else "infra_error"
    said = STOPPED if house.stopping else reason
    return without_run(backend=house.backend.name, status=status, reason=said)
