from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.admission import Admission
from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.event import EventLog
from tracemill_sandbox.lifecycle.breaker import Breaker
from tracemill_sandbox.lifecycle.household import Household
from tracemill_sandbox.metrics import Meter
from tracemill_sandbox.worker import Greeting, Worker

if TYPE_CHECKING:
    from tracemill_sandbox.lifecycle.upkeep import Upkeep

FakeBackend = Any  # in conftest.py
Play = Callable[..., Any]


def greeting(tier: str, *reasons: str) -> Greeting:
    remedies = tuple(f"cure {reason}" for reason in reasons)
    return Greeting(tier=tier, uid=1, python="3", libraries={}, reasons=reasons, remedies=remedies)


async def proven(worker: Worker) -> None: ...


@pytest.fixture
def house(fake: FakeBackend, upkeep: Upkeep) -> Household:
    return Household(
        backend=fake,
        require=("landlock", "seccomp"),
        prove=proven,
        upkeep=upkeep,
        admission=Admission(slots=1, most_waiting=1, memory_bytes=1),
        log=EventLog(),
        meter=Meter(),
        breaker=Breaker(most_failures=1, open_seconds=60.0),
    )


@pytest.mark.parametrize(
    "tier", ["landlock-seccomp", "namespaces-landlock-seccomp", "bubblewrap-landlock-seccomp"]
)
def test_a_worker_with_all_that_is_required_is_accepted(house: Household, tier: str) -> None:
    house.accept(greeting(tier))
    house.accept(greeting(tier))
    house.accept(greeting(f"namespaces-{tier}"))  # more is never less
    assert house.first == greeting(tier)


@pytest.mark.parametrize(
    ("said", "reasons", "remedies"),
    [
        (greeting("none"), ("required: landlock, seccomp",), ("ask for less in require=",)),
        (
            greeting("namespaces-seccomp", "an old kernel"),
            ("required: landlock", "an old kernel"),
            ("cure an old kernel",),
        ),
    ],
)
def test_a_worker_without_it_is_refused_with_reasons_and_remedies(
    house: Household, said: Greeting, reasons: tuple[str, ...], remedies: tuple[str, ...]
) -> None:
    with pytest.raises(SandboxUnavailable) as refused:
        house.accept(said)
    assert (refused.value.reasons, refused.value.remedies) == (reasons, remedies)
    assert house.first is None


def test_a_later_worker_may_not_lack_what_the_first_one_had(house: Household) -> None:
    house.accept(greeting("bubblewrap-namespaces-landlock-seccomp"))
    with pytest.raises(SandboxUnavailable) as refused:
        house.accept(greeting("namespaces-landlock-seccomp"))
    assert refused.value.reasons == (
        "the tier fell from bubblewrap-namespaces-landlock-seccomp to namespaces-landlock-seccomp",
    )


def test_it_is_unavailable_when_the_breaker_is_open_and_no_worker_lives(
    play: Play, house: Household
) -> None:
    async def scene() -> None:
        house.members = [None, house.new_member()]
        assert house.unavailable() is None
        house.breaker.failed("no memory", 1e12)
        refusal = house.unavailable()
        assert refusal is not None
        assert refusal.reasons == ("no memory",)
        assert refusal.remedies == ("run: tracemill sandbox doctor",)
        member = house.members[1]
        assert member is not None
        member.move("READY", "after all")
        assert house.unavailable() is None

    play(scene())


def test_each_worker_has_an_id_of_its_own(play: Play, house: Household) -> None:
    async def scene() -> None:
        ids = [house.new_member().worker.worker_id for _ in range(3)]
        assert [each[:3] for each in ids] == ["w0-", "w1-", "w2-"]
        assert len(set(ids)) == 3

    play(scene())
