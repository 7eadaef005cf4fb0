from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.admission import Admission
from tracemill_sandbox.dispatch.lease import Turn, take
from tracemill_sandbox.errors import RequestInvalid, WorkerLost
from tracemill_sandbox.event import EventLog
from tracemill_sandbox.lifecycle.breaker import Breaker
from tracemill_sandbox.lifecycle.household import Household
from tracemill_sandbox.metrics import Meter
from tracemill_sandbox.worker import Worker

if TYPE_CHECKING:
    from tracemill_sandbox.lifecycle.upkeep import Upkeep

FakeBackend = Any  # in conftest.py
Play = Callable[..., Any]


async def proven(worker: Worker) -> None: ...


@pytest.fixture
def house(fake: FakeBackend, upkeep: Upkeep) -> Household:
    return Household(
        backend=fake,
        require=(),
        prove=proven,
        upkeep=upkeep,
        admission=Admission(slots=2, most_waiting=4, memory_bytes=100),
        log=EventLog(),
        meter=Meter(),
        breaker=Breaker(),
    )


def stand(house: Household, number: int) -> None:
    for _ in range(number):
        member = house.new_member()
        house.members.append(member)
        member.move("READY", "it stands")
        house.admission.offer(member)


def test_a_worker_is_busy_from_taking_to_giving_back_which_happens_once(
    play: Play, house: Household
) -> None:
    async def scene() -> None:
        stand(house, 1)
        turn = Turn()
        lease = await take(house, 60, turn, "a run")
        assert (lease.member.state, house.in_use, turn.attempts) == ("BUSY", 1, 1)
        lease.release()
        lease.release()
        assert (lease.member.state, house.in_use, lease.member.runs) == ("READY", 0, 1)
        (await take(house, 100, Turn(), "all the memory is back")).release()

    play(scene())


@pytest.mark.parametrize(("workers", "state", "gone"), [(1, "BUSY", True), (2, "SUSPECT", False)])
def test_a_worker_that_failed_is_probed_or_ended_where_there_is_no_other(
    play: Play, house: Household, workers: int, state: str, *, gone: bool
) -> None:
    async def scene() -> None:
        stand(house, workers)
        turn = Turn()
        lease = await take(house, 1, turn, "a run")
        with pytest.raises(WorkerLost), lease:
            raise WorkerLost("it broke")
        assert (lease.member.state, lease.member.gone.done()) == (state, gone)
        if workers == 2:
            other = await take(house, 1, turn, "again")
            assert other.member is not lease.member
            other.release()

    play(scene())


def test_another_error_says_nothing_about_the_worker(play: Play, house: Household) -> None:
    async def scene() -> None:
        stand(house, 1)
        lease = await take(house, 1, Turn(), "a run")
        with pytest.raises(RequestInvalid), lease:
            raise RequestInvalid("no")
        assert lease.member.state == "READY"

    play(scene())


def test_a_worker_that_still_works_on_what_was_given_up_is_ended(
    play: Play, house: Household
) -> None:
    async def scene() -> None:
        stand(house, 1)
        lease = await take(house, 1, Turn(), "a run")
        work = asyncio.sleep(5.0)
        asked = asyncio.ensure_future(lease.member.call(work, seconds=9.0, patience=1.0))
        await asyncio.sleep(0)
        lease.release()
        assert lease.member.gone.result() == "still busy with what was given up"
        with pytest.raises(WorkerLost):
            await asked

    play(scene())


def test_the_wait_is_added_up_over_the_attempts(play: Play, house: Household) -> None:
    async def scene() -> None:
        turn = Turn()
        for _ in range(2):
            waiting = asyncio.ensure_future(take(house, 1, turn, "a run"))
            await asyncio.sleep(0.02)
            stand(house, 1)
            await waiting
        assert turn.attempts == 2
        assert 0.03 < turn.waited < 5.0  # more than one of the two waits
        assert house.meter.snapshot().queue_seconds == pytest.approx(turn.waited)

    play(scene())
