from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker.errors
import pytest

from tracemill_sandbox.oci.engine import Engine
from tracemill_sandbox.oci.ledger import LABEL, OWNER_LABEL, Entry, Ledger, Owner
from tracemill_sandbox.oci.sweep import FOLDER_PREFIX, remove_folder, sweep
from tracemill_sandbox.worker import StopFailure

HERE = Owner.of_this_process()
DEAD = replace(HERE, started=HERE.started + 1).label
ELSEWHERE = replace(HERE, namespace="pid:[1]").label


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger")
    made.open()
    return made


def _entry(name: str, owner: str, folder: Path | None = None) -> Entry:
    return Entry(name=name, engine="fake-engine", owner=owner, folder=str(folder or ""))


def _sweep(engine: Any, ledger: Ledger, seconds: float = 2.0) -> tuple[StopFailure, ...]:
    until = time.monotonic() + seconds
    return asyncio.run(sweep(Engine(engine.connect), ledger, "fake-engine", until=until))


def test_only_what_certainly_belongs_to_the_dead_is_removed(engine: Any, ledger: Ledger) -> None:
    labels = {
        "ours": {LABEL: "ours", OWNER_LABEL: HERE.label},
        "dead": {LABEL: "dead", OWNER_LABEL: DEAD},
        "elsewhere": {LABEL: "elsewhere", OWNER_LABEL: ELSEWHERE},
        "odd": {LABEL: "odd", OWNER_LABEL: "who knows"},
        "half": {OWNER_LABEL: DEAD},
        "neighbour": {"app": "database"},
    }
    for name, each in labels.items():
        engine.place(name, each)
        if OWNER_LABEL in each:
            ledger.enter(_entry(name, each[OWNER_LABEL]))
    assert _sweep(engine, ledger) == ()
    assert sorted(engine.made) == ["elsewhere", "half", "neighbour", "odd", "ours"]
    assert "dead" not in {entry.name for entry in ledger.entries()}
    assert {entry.name for entry in ledger.entries()} >= {"ours", "elsewhere", "odd"}


def test_what_is_in_the_ledger_and_no_more_in_the_engine_is_struck(
    engine: Any, ledger: Ledger
) -> None:
    ledger.enter(_entry("gone", DEAD))
    ledger.enter(_entry("about-to-be-made", HERE.label))
    ledger.enter(replace(_entry("of-another-engine", DEAD), engine="other"))
    assert _sweep(engine, ledger) == ()
    assert [entry.name for entry in ledger.entries()] == ["about-to-be-made", "of-another-engine"]


def test_folders_of_the_dead_go_with_their_containers(
    engine: Any, ledger: Ledger, tmp_path: Path
) -> None:
    pool = tmp_path / f"{FOLDER_PREFIX}x"
    for name in ("w0", "w1"):
        (pool / name).mkdir(parents=True)
        ledger.enter(_entry(name, DEAD, pool / name))
    engine.place("w0", {LABEL: "w0", OWNER_LABEL: DEAD})
    assert _sweep(engine, ledger) == ()
    assert not pool.exists()


def test_a_container_that_stays_is_told_of_and_stays_in_the_ledger_and_the_others_go(
    engine: Any, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("first", "second", "third"):
        engine.place(name, {LABEL: name, OWNER_LABEL: DEAD})
        ledger.enter(_entry(name, DEAD))
    engine.faults |= {(call, "second"): OSError("no") for call in ("stop", "kill", "remove")}
    failures = _sweep(engine, ledger)
    assert {failure.subject for failure in failures} == {"second"}
    assert [entry.name for entry in ledger.entries()] == ["second"]
    assert list(engine.made) == ["second"]
    assert len(caplog.records) == len(failures) == 4


def test_an_engine_that_lists_nothing_is_told_of_and_strikes_nothing(
    engine: Any, ledger: Ledger
) -> None:
    ledger.enter(_entry("gone", DEAD))
    engine.faults["list", "*"] = docker.errors.APIError("no")
    (failure,) = _sweep(engine, ledger)
    assert (failure.subject, failure.phase, failure.error) == ("engine", "list", "APIError")
    assert len(ledger.entries()) == 1


def test_only_folders_of_ours_are_removed(tmp_path: Path) -> None:
    other = tmp_path / "project" / "w0"
    other.mkdir(parents=True)
    remove_folder(other)
    assert other.exists()
    link = tmp_path / f"{FOLDER_PREFIX}link"
    link.symlink_to(tmp_path / "project")
    remove_folder(link / "w0")
    assert other.exists()
    theirs = tmp_path / f"{FOLDER_PREFIX}theirs"
    (theirs / "w0").mkdir(parents=True)
    if os.getuid() == 0:
        os.chown(theirs, 65534, 65534)
        remove_folder(theirs / "w0")
        assert (theirs / "w0").exists()
