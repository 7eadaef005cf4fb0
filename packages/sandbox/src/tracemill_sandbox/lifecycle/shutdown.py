"""How a pool ends: drain, stop, kill, remove, verify; one boundary and one bound for each part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tracemill_sandbox.lifecycle.household import STOPPED, Household
from tracemill_sandbox.lifecycle.keeper import Keeper
from tracemill_sandbox.lifecycle.member import Member
from tracemill_sandbox.report import StopReport, ended, log_failure
from tracemill_sandbox.worker import StopFailure

_TICK_SECONDS = 0.01
_LEAST_GRACE_SECONDS = 0.2
"""For what workers share even where the runs used all the grace up."""

_WORKER_SECONDS = 1.05
"""A worker's own stop takes at most its grace and a second; a little more before it is left."""

_SHARED_SECONDS = 0.5
"""Beyond its grace, for what workers share where they have used up all the time."""

_IN_ALL_SECONDS = 1.8
"""Of the 2 s that stopping may take beyond its grace; what workers share has what they leave."""

_CALL_OFF_SECONDS = 0.1
"""A start that is called off ends in the next turns of the loop."""


async def shut_down(
    house: Household,
    keepers: Sequence[Keeper],
    grace: float,
    starting: asyncio.Task[None] | None = None,
) -> StopReport:
    """End everything; never raises, never longer than ``grace`` + 2 s.

    Args:
        house: Of the pool.
        keepers: Of its places.
        grace: Seconds that runs have to end by themselves.
        starting: The start of the pool, which is called off.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    if starting is not None:
        starting.cancel()  # no keeper is added from here on
    await _drain(house, began + grace)
    members = [member for member in [keeper.dismiss() for keeper in keepers] if member]
    left = max(0.0, began + grace - clock())
    stops = [_end(member, left) for member in members]
    found = await asyncio.gather(*stops, *(_retired(keeper, left) for keeper in keepers))
    if starting is not None:
        await asyncio.wait({starting}, timeout=_CALL_OFF_SECONDS)
    left = max(_LEAST_GRACE_SECONDS, began + grace - clock())
    most = max(left + _SHARED_SECONDS, began + grace + _IN_ALL_SECONDS - clock())
    shared = await ended(house.backend.name, "stop", house.backend.close(left), most)
    failures = [failure for each in (house.failures, *found, shared) for failure in each]
    return StopReport(
        stopped=tuple(member.worker.worker_id for member in members),
        failures=tuple(failures),
        seconds=clock() - began,
    )


async def abandon(house: Household) -> StopReport:
    """Kill the workers of a pool whose event loop was closed: nothing of it can be waited for."""
    members = [member for member in house.members if member is not None]
    for member in members:
        member.worker.kill()
    text = "its event loop was closed before; what its workers share ends with this process"
    failure = StopFailure(subject="pool", phase="stop", error="RuntimeError", text=text)
    log_failure(failure)
    stopped = tuple(member.worker.worker_id for member in members)
    return StopReport(stopped=stopped, failures=(*house.failures, failure), seconds=0.0)


async def _drain(house: Household, deadline: float) -> None:
    """Let what runs end by itself until the deadline."""
    clock = asyncio.get_running_loop().time
    while house.in_use and clock() < deadline:
        await asyncio.sleep(_TICK_SECONDS)


async def _end(member: Member, grace: float) -> tuple[StopFailure, ...]:
    """End one worker: an idle one is asked to, any other is killed first."""
    worker_id, idle = member.worker.worker_id, member.state == "READY"
    member.unwatch()
    killed = () if idle else await ended(worker_id, "kill", _kill(member), _WORKER_SECONDS)
    member.retire(STOPPED)
    member.move("DEAD", STOPPED)
    work = member.worker.stop(grace if idle else 0.0)
    return (*killed, *await ended(worker_id, "stop", work, grace + _WORKER_SECONDS))


async def _kill(member: Member) -> tuple[StopFailure, ...]:
    member.end(STOPPED)
    return ()


async def _retired(keeper: Keeper, grace: float) -> tuple[StopFailure, ...]:
    failures = await keeper.retired(grace + _WORKER_SECONDS)
    for failure in failures:
        log_failure(failure)
    return failures
