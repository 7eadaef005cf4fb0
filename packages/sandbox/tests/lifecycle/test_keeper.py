"""How places of the pool are kept filled, on scripted workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.errors import PoolStopped, SandboxUnavailable, WorkerLost
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.worker import Health, StopFailure, Worker

if TYPE_CHECKING:
    from tracemill_sandbox.lifecycle.upkeep import Upkeep
    from tracemill_sandbox.pool import SandboxPool

FakeBackend = Any  # in conftest.py
Pools = Callable[..., "SandboxPool"]
Play = Callable[..., Any]
NONE_HERE = SandboxUnavailable(reasons=("no Landlock",), remedies=("use a newer kernel",))


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.005)


def steps(pool: SandboxPool) -> list[str]:
    return [f"{event.before}>{event.after}" for event in pool.events()]


def test_a_worker_that_dies_idle_is_noticed_and_replaced_at_once(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            fake.workers[0].die()
            await until(lambda: pool.metrics().replacements == 1)
            dead, replaced = (
                next(event for event in pool.events() if event.after == state)
                for state in ("DEAD", "REPLACED")
            )
            assert dead.reason == "its process has ended"
            assert replaced.reason == f"by {fake.workers[1].worker_id}"
            assert replaced.at - dead.at < 2.0
            result = await pool.run(RunRequest(code="ok"))
        assert (result.facts.attempts, fake.workers[0].stopped) == (1, 1)
        assert steps(pool) == [
            "None>STARTING",
            "STARTING>READY",
            "READY>DEAD",
            "None>STARTING",
            "STARTING>READY",
            "DEAD>REPLACED",
            "READY>BUSY",
            "BUSY>READY",
            "READY>DEAD",
        ]

    play(scene())


def test_an_idle_worker_that_answers_no_ping_is_probed_and_goes_on(
    play: Play, fake_pool: Pools, fake: FakeBackend, upkeep: Upkeep
) -> None:
    async def scene() -> None:
        quick = replace(upkeep, ping_every=0.01, answer_seconds=0.02)
        async with fake_pool(upkeep=quick) as pool:
            fake.deaf = True
            await until(lambda: pool.metrics().probes == 1)
            fake.deaf = False
            await until(lambda: steps(pool)[-1] == "SUSPECT>READY")
            suspect = next(event for event in pool.events() if event.after == "SUSPECT")
            assert suspect.reason.endswith("did not answer within 0.02 s")
            assert (await pool.run(RunRequest(code="ok"))).ok
        assert len(fake.workers) == 1

    play(scene())


def test_a_worker_that_fails_its_probe_is_replaced(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2) as pool:
            fake.confused = True
            await pool.run(RunRequest(code="fail"))
            await until(lambda: pool.metrics().replacements == 2)
        reasons = [event.reason for event in pool.events() if event.before == "SUSPECT"]
        assert reasons == ["failed its probe: ok, scripted"] * 2

    play(scene())


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"most_runs": 1}, "recycled after 1 runs"),
        ({"most_age_seconds": 0.0}, "recycled at the age of "),
    ],
)
def test_a_worker_is_recycled_by_runs_and_by_age(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    upkeep: Upkeep,
    rule: dict[str, float],
    reason: str,
) -> None:
    async def scene() -> None:
        async with fake_pool(upkeep=replace(upkeep, **rule)) as pool:
            for _ in range(3):
                assert (await pool.run(RunRequest(code="ok"))).facts.attempts == 1
            await until(lambda: pool.metrics().replacements == 3)
            assert pool.metrics().recycles == 3
        said = [event.reason for event in pool.events() if event.after == "DEAD"]
        assert [text.startswith(reason) for text in said[:3]] == [True] * 3

    play(scene())


@pytest.mark.parametrize(
    ("health", "reason"),
    [
        (
            Health(descriptors=27, memory_bytes=1 << 20),
            "recycled with 27 descriptors, 10 at its start",
        ),
        (
            Health(descriptors=10, memory_bytes=(65 << 20) + 1),
            "recycled with 68157441 bytes, 1048576 at its start",
        ),
    ],
)
def test_a_worker_whose_descriptors_or_memory_drift_is_recycled(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    upkeep: Upkeep,
    health: Health,
    reason: str,
) -> None:
    async def scene() -> None:
        async with fake_pool(upkeep=replace(upkeep, ping_every=0.01)) as pool:
            await asyncio.sleep(0.05)
            assert pool.metrics().recycles == 0
            fake.health = health
            await until(lambda: pool.metrics().recycles == 1)
            await until(lambda: pool.metrics().replacements == 1)
        dead = next(event for event in pool.events() if event.after == "DEAD")
        assert dead.reason == reason

    play(scene())


def test_failed_starts_are_tried_again_with_a_growing_random_wait(
    play: Play, fake_pool: Pools, fake: FakeBackend, upkeep: Upkeep
) -> None:
    drawn: list[float] = []

    def draw() -> float:
        drawn.append(0.5)
        return 0.5

    async def scene() -> None:
        fake.starts.extend([WorkerLost("no"), WorkerLost("no")])
        async with fake_pool(upkeep=replace(upkeep, draw=draw)) as pool:
            metrics = pool.metrics()
        assert (metrics.starts, metrics.start_failures, len(drawn)) == (1, 2, 3)
        assert [worker.stopped for worker in fake.workers] == [1, 1, 1]

    play(scene())


@pytest.mark.parametrize(
    ("starts", "reasons"),
    [
        ([NONE_HERE], ("no Landlock",)),
        ([WorkerLost("a"), WorkerLost("b"), WorkerLost("c")], ("a", "b", "c")),
    ],
)
def test_a_pool_that_can_not_start_says_why_and_leaves_nothing(
    play: Play,
    fake_pool: Pools,
    fake: FakeBackend,
    starts: list[Exception],
    reasons: tuple[str, ...],
) -> None:
    async def scene() -> None:
        fake.starts.extend(starts)
        pool = fake_pool()
        with pytest.raises(SandboxUnavailable) as refused:
            await pool.start()
        assert refused.value.reasons == reasons
        assert {worker.stopped for worker in fake.workers} == {1}
        with pytest.raises(PoolStopped):
            await pool.run(RunRequest(code="ok"))

    play(scene())


@pytest.mark.parametrize(
    ("opens", "reasons", "opened"),
    [
        ([NONE_HERE], ("no Landlock",), 1),
        ([WorkerLost("a"), WorkerLost("b"), WorkerLost("c")], ("a", "b", "c"), 3),
    ],
)
def test_a_backend_that_can_not_be_opened_is_unavailable(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    opens: list[Exception],
    reasons: tuple[str, ...],
    opened: int,
) -> None:
    async def scene() -> None:
        fake.opens.extend(opens)
        with pytest.raises(SandboxUnavailable) as refused:
            await fake_pool().start()
        assert (refused.value.reasons, fake.opened, fake.workers) == (reasons, opened, [])

    play(scene())


def test_a_backend_that_opens_at_the_second_try_is_taken(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.opens.append(WorkerLost("not this time"))
        async with fake_pool() as pool:
            assert (await pool.run(RunRequest(code="ok"))).ok

    play(scene())


def test_a_worker_that_fails_its_self_test_is_never_ready(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def refuse(worker: Worker) -> None:
        raise SandboxUnavailable(reasons=(f"{worker.worker_id} leaks",), remedies=("none",))

    async def scene() -> None:
        pool = fake_pool(prove=refuse)
        with pytest.raises(SandboxUnavailable, match="w0-.* leaks"):
            await pool.start()
        assert "STARTING>READY" not in steps(pool)

    play(scene())


def test_what_is_required_and_missing_is_refused(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.tiers.appendleft("landlock-seccomp")
        with pytest.raises(SandboxUnavailable) as refused:
            await fake_pool(require=("namespaces", "seccomp", "moat")).start()
        assert refused.value.reasons == ("required: namespaces, moat",)
        assert refused.value.remedies == ("ask for less in require=",)

    play(scene())


def test_no_worker_of_a_lower_tier_takes_the_place_of_another(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.tiers.append("landlock-seccomp")
        async with fake_pool() as pool:
            with pytest.raises(SandboxUnavailable) as refused:
                await pool.run(RunRequest(code="die once"))
            fall = "the tier fell from namespaces-landlock-seccomp to landlock-seccomp"
            assert refused.value.reasons == (fall,)
            assert pool.metrics().starts == 1

    play(scene())


def test_what_is_left_of_a_replaced_worker_is_logged_and_reported(
    play: Play, fake_pool: Pools, fake: FakeBackend, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        left = StopFailure(subject="w0", phase="remove", error="Remains", text="a folder stays")
        fake.stop = lambda worker: (left,) if worker is fake.workers[0] else ()
        pool = fake_pool()
        await pool.run(RunRequest(code="die once"))
        report = await pool.stop()
        assert report.failures == (left,)
        errors = [each.message for each in caplog.records if each.levelno == logging.ERROR]
        assert errors == ["w0: remove failed: Remains: a folder stays"]

    play(scene())


def test_a_fault_of_a_keeper_costs_its_worker_and_not_its_place(
    play: Play, fake_pool: Pools, fake: FakeBackend, caplog: pytest.LogCaptureFixture
) -> None:
    really = fake.worker

    def broken(worker_id: str) -> Worker:
        fake.worker = really
        raise OSError(24, "Too many open files")

    async def scene() -> None:
        async with fake_pool() as pool:
            fake.worker = broken
            result = await pool.run(RunRequest(code="die once"))
            assert (result.status, result.facts.attempts) == ("ok", 2)
            assert pool.metrics().start_failures == 1
        critical = [each.message for each in caplog.records if each.levelno == logging.CRITICAL]
        assert critical == ["the keeper of place 0 of the pool broke"]

    play(scene())


def test_a_keeper_that_breaks_at_its_first_steps_makes_the_pool_unavailable(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    def broken(worker_id: str) -> Worker:
        raise OSError(24, "Too many open files")

    async def scene() -> None:
        fake.worker = broken
        with pytest.raises(SandboxUnavailable) as refused:
            await fake_pool().start()
        assert refused.value.reasons == ("OSError: [Errno 24] Too many open files",)

    play(scene())


def test_a_worker_whose_keeper_broke_is_ended_and_replaced(
    play: Play, fake_pool: Pools, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            give_back = pool._house.give_back

            def broken(*_: object) -> None:
                pool._house.give_back = give_back
                raise OSError(24, "Too many open files")

            pool._house.give_back = broken
            pool._house.members[0].suspect("to be probed")
            pool._house.admission.take_back(pool._house.members[0])
            assert (await pool.run(RunRequest(code="ok"))).ok
            await until(lambda: pool.metrics().replacements == 1)
        assert [worker.stopped for worker in fake.workers] == [1, 1]

    play(scene())
