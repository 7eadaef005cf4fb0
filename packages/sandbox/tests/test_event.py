from __future__ import annotations

import asyncio
import logging

import pytest

from tracemill_sandbox.event import KEPT_EVENTS, TRANSITIONS, Event, EventLog, State

STATES = [state for state in TRANSITIONS if state is not None]


@pytest.mark.parametrize("before", [None, *STATES])
def test_what_the_table_allows_is_entered_and_nothing_else(before: State | None) -> None:
    async def enter(after: State) -> tuple[Event, ...]:
        log = EventLog()
        log.enter("w0", before, after, "why")
        return log.events()

    for after in STATES:
        if after in TRANSITIONS[before]:
            (event,) = asyncio.run(enter(after))
            assert (event.worker_id, event.before, event.after, event.reason) == (
                "w0",
                before,
                after,
                "why",
            )
        else:
            with pytest.raises(ValueError, match="is no allowed transition") as refused:
                asyncio.run(enter(after))
            assert str(refused.value) == f"worker w0: {before} -> {after} is no allowed transition"


def test_every_state_can_be_reached_and_only_the_last_has_nothing_behind_it() -> None:
    reached = {after for follows in TRANSITIONS.values() for after in follows}
    assert reached == set(STATES)
    assert [state for state in STATES if not TRANSITIONS[state]] == ["REPLACED"]


def test_each_event_is_kept_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    told: list[Event] = []

    async def live() -> tuple[Event, ...]:
        log = EventLog(told.append)
        log.enter("w1", None, "STARTING", "made")
        log.enter("w1", "STARTING", "READY", "tier none")
        log.enter("w1", "READY", "BUSY", "a run")
        log.enter("w1", "BUSY", "SUSPECT", "it broke")
        await asyncio.sleep(0)
        return log.events()

    with caplog.at_level(logging.DEBUG, logger="tracemill_sandbox"):
        kept = asyncio.run(live())
    assert tuple(told) == kept
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("INFO", "worker w1: new -> STARTING: made"),
        ("INFO", "worker w1: STARTING -> READY: tier none"),
        ("DEBUG", "worker w1: READY -> BUSY: a run"),
        ("WARNING", "worker w1: BUSY -> SUSPECT: it broke"),
    ]


def test_the_log_keeps_the_newest_events_only() -> None:
    async def flood() -> tuple[Event, ...]:
        log = EventLog()
        for number in range(KEPT_EVENTS + 3):
            log.enter(f"w{number}", None, "STARTING", "made")
        return log.events()

    kept = asyncio.run(flood())
    assert (len(kept), kept[0].worker_id) == (KEPT_EVENTS, "w3")


def test_a_listener_that_raises_harms_only_itself() -> None:
    faults: list[str] = []

    def listen(event: Event) -> None:
        raise RuntimeError(event.after)

    async def live() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: faults.append(str(context["exception"])))
        log = EventLog(listen)
        log.enter("w0", None, "STARTING", "made")
        log.enter("w0", "STARTING", "DEAD", "over")
        await asyncio.sleep(0)

    asyncio.run(live())
    assert faults == ["STARTING", "DEAD"]
