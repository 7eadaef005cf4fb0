from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker.errors
import pytest
import requests.exceptions

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.oci.container import Container, Removal, Shelf
from tracemill_sandbox.oci.engine import Engine, EngineError
from tracemill_sandbox.oci.ledger import LABEL, Entry, Ledger
from tracemill_sandbox.oci.recipe import Recipe
from tracemill_sandbox.worker import StopFailure


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger")
    made.open()
    return made


@pytest.fixture
def shelf(engine: Any, ledger: Ledger) -> Shelf:
    engine.deaf = True
    recipe = Recipe(image="i", python="python3", mounts=())
    return Shelf(engine=Engine(engine.connect), ledger=ledger, recipe=recipe)


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return Entry(name="box", engine="fake-engine", owner="me", folder=str(tmp_path / "link"))


def _launch_and_end(
    shelf: Shelf, entry: Entry, spoil: Callable[[], object] = lambda: None, seconds: float = 2.0
) -> tuple[StopFailure, ...]:
    async def work() -> tuple[StopFailure, ...]:
        container = Container(shelf, entry)
        await container.launch(5)
        spoil()
        return await container.end(until=time.monotonic() + seconds)

    return asyncio.run(work())


def _names(failures: tuple[StopFailure, ...]) -> list[tuple[str, str, str]]:
    return [(failure.subject, failure.phase, failure.error) for failure in failures]


def test_a_container_is_in_the_ledger_before_it_is_asked_for(
    engine: Any, shelf: Shelf, entry: Entry, ledger: Ledger
) -> None:
    found: list[tuple[Entry, ...]] = []
    engine.seen = lambda _: found.append(ledger.entries())
    assert _launch_and_end(shelf, entry) == ()
    assert found == [(entry,)]
    assert ledger.entries() == ()
    assert engine.made == {}


def test_a_ledger_that_can_not_be_written_makes_no_container(
    engine: Any, shelf: Shelf, entry: Entry, tmp_path: Path
) -> None:
    broken = replace(shelf, ledger=Ledger(tmp_path / "none"))
    with pytest.raises(WorkerLost, match=r"^ledger of containers: .*none/box"):
        asyncio.run(Container(broken, entry).launch(5))
    assert engine.calls == []


def test_what_was_never_made_needs_no_engine(engine: Any, shelf: Shelf, entry: Entry) -> None:
    container = Container(shelf, entry)
    assert asyncio.run(container.end(until=time.monotonic() + 1)) == ()
    assert engine.calls == []


def test_what_is_gone_is_not_looked_for_again(engine: Any, shelf: Shelf, entry: Entry) -> None:
    async def work() -> int:
        container = Container(shelf, entry)
        await container.launch(5)
        await container.end(until=time.monotonic() + 2)
        before = len(engine.calls)
        await container.end(until=time.monotonic() + 2)
        return len(engine.calls) - before

    assert asyncio.run(work()) == 0


@pytest.mark.parametrize(
    "error",
    [
        docker.errors.APIError("boom"),
        docker.errors.NullResource("boom"),
        docker.errors.DockerException("boom"),
        docker.errors.ContainerError("c", 1, "x", "i", b"boom"),
        docker.errors.InvalidVersion("boom"),
        docker.errors.StreamParseError("boom"),
        requests.exceptions.ReadTimeout("boom"),
        requests.exceptions.ConnectionError("boom"),
        OSError("boom"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_step_that_fails_is_told_and_logged_and_the_next_is_taken(
    engine: Any,
    shelf: Shelf,
    entry: Entry,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def spoil() -> None:
        engine.faults |= {(call, "*"): error for call in ("stop", "kill", "remove")}

    failures = _launch_and_end(shelf, entry, spoil)
    name = type(error).__name__
    expected = [("box", phase, name) for phase in ("stop", "kill", "remove")]
    assert _names(failures) == [*expected, ("box", "verify", "Remains")]
    assert failures[0].text == str(error)
    assert failures[3].text == "the container is still there; a later start removes it"
    records = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert {record.name for record in records} == {"tracemill_sandbox"}
    assert [record.message for record in records] == [
        f"{failure.phase} of box failed: {failure.error}: {failure.text}" for failure in failures
    ]
    assert shelf.ledger.entries() == (entry,)


def test_a_step_that_fails_stands_in_the_report_even_if_the_next_one_works(
    engine: Any, shelf: Shelf, entry: Entry, ledger: Ledger
) -> None:
    failures = _launch_and_end(
        shelf, entry, lambda: engine.faults.update({("stop", "*"): OSError("broken pipe")})
    )
    assert _names(failures) == [("box", "stop", "OSError")]
    assert ledger.entries() == ()


@pytest.mark.parametrize(
    ("call", "failed"),
    [
        ("stop", ["stop"]),
        ("kill", ["stop", "kill"]),
        ("remove", ["stop", "kill", "remove", "verify"]),
        ("inspect", ["stop", "kill", "verify"]),
    ],
)
def test_a_call_that_hangs_is_told_and_costs_no_more_than_its_share(
    engine: Any, shelf: Shelf, entry: Entry, call: str, failed: list[str]
) -> None:
    def spoil() -> None:
        engine.faults |= {(each, "*"): OSError("no") for each in failed if each != call}
        engine.faults[call, "*"] = 30.0

    began = time.monotonic()
    failures = _launch_and_end(shelf, entry, spoil)
    assert time.monotonic() - began < 10
    assert [failure.phase for failure in failures] == failed
    hung = "verify" if call == "inspect" else call
    assert ("box", hung, "DeadlineExceeded") in _names(failures)


def test_a_frozen_daemon_is_told_of_in_every_step_and_left_in_time(
    engine: Any, shelf: Shelf, entry: Entry, ledger: Ledger
) -> None:
    began = time.monotonic()
    failures = _launch_and_end(
        shelf, entry, lambda: engine.faults.update({("connect", "*"): 30.0}), seconds=1.5
    )
    assert time.monotonic() - began < 10
    phases = [("box", each, "DeadlineExceeded") for each in ("stop", "kill", "remove", "verify")]
    assert _names(failures) == phases
    assert ledger.entries() == (entry,)


@pytest.mark.parametrize("step", ["kill", "remove"])
def test_a_removal_that_is_under_way_is_no_failure(
    engine: Any, shelf: Shelf, entry: Entry, refuse: Callable[..., Exception], step: str
) -> None:
    def spoil() -> None:
        engine.faults[step, "*"] = refuse(409, "removal is already in progress")
        if step == "remove":
            engine.faults["kill", "*"] = refuse(409, "is not running")

    assert "409" not in str(_names(_launch_and_end(shelf, entry, spoil, seconds=1.0)))


def test_little_time_is_not_spent_on_asking(engine: Any, shelf: Shelf, entry: Entry) -> None:
    assert _launch_and_end(shelf, entry, seconds=1.0) == ()
    assert "stop" not in {call for call, _ in engine.calls}


def test_a_kill_without_waiting_is_told_of_at_the_end(
    engine: Any, shelf: Shelf, entry: Entry
) -> None:
    async def work() -> tuple[StopFailure, ...]:
        container = Container(shelf, entry)
        await container.launch(5)
        engine.faults["kill", "*"] = OSError("broken pipe")
        container.kill()
        container.kill()
        await asyncio.sleep(0.1)
        engine.faults.clear()
        return await container.end(until=time.monotonic() + 1)

    assert _names(asyncio.run(work())) == [("box", "kill", "OSError")]


def test_a_failed_creation_leaves_nothing(
    engine: Any, shelf: Shelf, entry: Entry, ledger: Ledger
) -> None:
    engine.faults["create", "*"] = docker.errors.APIError("no space")

    async def work() -> tuple[StopFailure, ...]:
        container = Container(shelf, entry)
        with pytest.raises(EngineError, match=r"^create box: APIError: no space$"):
            await container.launch(5)
        return await container.end(until=time.monotonic() + 1)

    assert asyncio.run(work()) == ()
    assert ledger.entries() == ()


def test_a_creation_that_was_given_up_is_waited_for_and_removed(
    engine: Any, shelf: Shelf, entry: Entry, ledger: Ledger
) -> None:
    engine.faults["create", "*"] = 0.2

    async def work() -> tuple[StopFailure, ...]:
        container = Container(shelf, entry)
        launch = asyncio.create_task(container.launch(5))
        await asyncio.sleep(0.05)
        launch.cancel()
        await asyncio.wait((launch,))
        return await container.end(until=time.monotonic() + 2)

    assert asyncio.run(work()) == ()
    assert engine.made == {}
    assert ledger.entries() == ()


def test_a_creation_that_never_ends_is_told_of(engine: Any, shelf: Shelf, entry: Entry) -> None:
    engine.faults["create", "*"] = 30.0

    async def work() -> tuple[StopFailure, ...]:
        container = Container(shelf, entry)
        launch = asyncio.create_task(container.launch(20))
        await asyncio.sleep(0.05)
        launch.cancel()
        await asyncio.wait((launch,))
        first = await container.end(until=time.monotonic() + 0.5)
        return (*first, *await container.end(until=time.monotonic() + 0.5))

    assert _names(asyncio.run(work())) == [("box", "create", "DeadlineExceeded")]


def test_a_strangers_container_of_the_same_name_is_never_touched(engine: Any) -> None:
    engine.place("box", {LABEL: "another"})

    async def work() -> tuple[bool, tuple[StopFailure, ...]]:
        removal = Removal(Engine(engine.connect), "box", {LABEL: "box"})
        failures = await removal.carry_out(until=time.monotonic() + 1, standing="running")
        return removal.gone, failures

    assert asyncio.run(work()) == (True, ())
    assert {call for call, _ in engine.calls} == {"connect", "inspect", "close"}
    assert "box" in engine.made
