from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_worker.errors import CannotWork, StoreUnavailable
from tracemill_worker.memory import MemoryStore
from tracemill_worker.process import Owner
from tracemill_worker.store import Claim, Outcome
from tracemill_worker.supervisor import Limits, process_run_safely

QUICK = Limits(lease_s=30, beat_s=0.02, grace_s=0.2, log_chars=20_000)

KILLED = (
    "the handler's process was ended by SIGKILL; nobody here sent it: "
    "the system may have run out of memory"
)
TOO_LARGE = (
    "result of run 1: wanted at most 1048576 bytes of JSON, got 1100011; "
    "write it into a file of the workspace and pass the path"
)


class Bench:
    """A claimed run in memory, and a way to process it."""

    def __init__(self, folder: Path, owner: Owner, environment: Mapping[str, str]) -> None:
        self.store = MemoryStore()
        self.folder = folder
        self.lines: list[str] = []
        self._owner = owner
        self._environment = environment

    def claim(self, kind: str, config: Any = None, **options: Any) -> Claim:
        self.store.enqueue(kind=kind, config=config or {}, **options)
        claim = self.store.claim_pending_run(owner=self._owner, lease_s=30)
        assert claim is not None
        return claim

    def process(self, claim: Claim, *, limits: Limits = QUICK, store: Any = None) -> Outcome:
        kind = claim.run.kind
        return process_run_safely(
            store or self.store,
            claim,
            workspace=self.folder,
            limits=limits,
            resolve={kind: f"probe_handlers:{kind}"} if kind != "unknown_kind" else {},
            on_line=self.lines.append,
            environment=self._environment,
        )

    def log(self, claim: Claim) -> str:
        return "".join(chunk.text for chunk in self.store.logs(claim.run_id))


@pytest.fixture
def bench(tmp_path: Path, owner: Owner, child_environment: Mapping[str, str]) -> Bench:
    return Bench(tmp_path, owner, child_environment)


def when_line(bench: Bench, line: str, act: Any) -> threading.Thread:
    """Do something once the run has printed a line."""

    def watch() -> None:
        deadline = time.monotonic() + 20
        while line not in bench.lines and time.monotonic() < deadline:
            time.sleep(0.005)
        act()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_result_comes_back_and_the_output_is_logged(bench: Bench) -> None:
    claim = bench.claim("echo", {"a": 1})
    outcome = bench.process(claim)
    assert outcome.failure is None
    assert outcome.result == {"config": {"a": 1}, "folder": str(bench.folder)}
    assert bench.log(claim) == "working on {'a': 1}\n"
    assert bench.lines == ["working on {'a': 1}"]


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        (
            "user_error",
            {},
            ("user_error", "tables/a.csv: wanted a header, got nothing; add one", 3),
        ),
        ("crash", {}, ("crash", "ZeroDivisionError: division by zero", None)),
        (
            "leave_at_once",
            {"code": 7},
            ("crash", "the handler's process ended with exit code 7 and without a result", 7),
        ),
        (
            "forge",
            {},
            ("crash", "the handler's process ended with exit code 0 and without a result", 0),
        ),
        (
            "by_signal",
            {"signal": int(signal.SIGSEGV)},
            ("signal", "the handler's process was ended by SIGSEGV", -11),
        ),
        ("by_signal", {"signal": int(signal.SIGKILL)}, ("signal", KILLED, -9)),
        ("too_large", {}, ("limit", TOO_LARGE, None)),
    ],
)
def test_every_end_is_typed(bench: Bench, name: str, config: Any, expected: Any) -> None:
    failure = bench.process(bench.claim(name, config)).failure
    assert failure is not None
    assert (failure.kind, failure.message, failure.exit_code) == expected


def test_the_traceback_of_a_crash_is_in_the_log(bench: Bench) -> None:
    claim = bench.claim("crash")
    bench.process(claim)
    assert "probe_handlers.py" in bench.log(claim)
    assert bench.log(claim).endswith("ZeroDivisionError: division by zero\n")


def test_an_unknown_kind_is_the_users_error(bench: Bench) -> None:
    failure = bench.process(bench.claim("unknown_kind")).failure
    assert failure is not None
    assert (failure.kind, failure.exit_code) == ("user_error", 2)
    assert failure.message.startswith("run kind 'unknown_kind': wanted a handler")


def test_a_deadline_ends_a_handler_that_ignores_sigterm(bench: Bench) -> None:
    claim = bench.claim("stubborn", time_limit_s=0.3)
    begun = time.monotonic()
    failure = bench.process(claim).failure
    assert failure is not None
    assert failure.kind == "limit"
    assert failure.message == "it took longer than its time limit of 0.3 s"
    assert time.monotonic() - begun < 5


def test_a_deadline_at_the_start_starts_nothing(bench: Bench) -> None:
    failure = bench.process(bench.claim("echo", time_limit_s=0)).failure
    assert failure is not None
    assert failure.message == "its time limit of 0 s was over before it started"
    assert bench.lines == []


def test_cancelled_before_the_start_starts_nothing(bench: Bench) -> None:
    claim = bench.claim("echo")
    bench.store.cancel(claim.run_id)
    outcome = bench.process(claim)
    assert outcome.state == "cancelled"
    assert outcome.failure is not None
    assert outcome.failure.message == "cancelled before it started"
    assert bench.lines == []


def test_a_cancel_is_polite_first(bench: Bench) -> None:
    claim = bench.claim("polite")
    thread = when_line(bench, "ready", lambda: bench.store.cancel(claim.run_id))
    outcome = bench.process(claim, limits=Limits(beat_s=0.02, grace_s=10))
    thread.join()
    assert outcome.state == "cancelled"
    assert outcome.failure is not None
    assert outcome.failure.message == "cancelled while it ran"
    assert (bench.folder / "saved").read_text() == "yes"


def test_a_lost_lease_ends_the_whole_group_at_once(bench: Bench, all_end: Any) -> None:
    claim = bench.claim("sleep")

    def take_over() -> None:
        bench.store.release(claim)

    thread = when_line(bench, "asleep", take_over)
    outcome = bench.process(claim)
    thread.join()
    assert outcome.failure is not None
    assert outcome.failure.kind == "lost"
    assert all_end(bench.folder / "pids")
    assert bench.store.show(claim.run_id).state == "pending", "a stale worker changes nothing"


def test_a_stale_claim_starts_nothing(bench: Bench) -> None:
    claim = bench.claim("echo")
    bench.store.release(claim)
    outcome = bench.process(claim)
    assert outcome.failure is not None
    assert outcome.failure.kind == "lost"
    assert bench.lines == []


def test_a_grandchild_does_not_outlive_the_run(bench: Bench, all_end: Any) -> None:
    outcome = bench.process(bench.claim("leave_grandchild"))
    assert outcome.result == {}
    assert all_end(bench.folder / "pids")


def test_a_flood_is_bounded_and_keeps_both_ends(bench: Bench) -> None:
    claim = bench.claim("flood", {"lines": 20_000})
    assert bench.process(claim).failure is None
    log = bench.log(claim)
    assert len(log) < QUICK.log_chars + 70_000
    lines = log.splitlines()
    assert lines[0].startswith("line 0 ")
    assert lines[-1].startswith("line 19999 ")
    assert sum(line.endswith("lines were left out: the log is full ...") for line in lines) == 1


def test_output_that_is_not_utf8_is_kept_as_far_as_it_goes(bench: Bench) -> None:
    claim = bench.claim("bytes_out")
    assert bench.process(claim).failure is None
    assert bench.log(claim) == "caf\ufffd \ufffd\ufffd|\n\u20ac no line end\n"


def test_the_child_gets_no_secrets_and_no_input(bench: Bench) -> None:
    assert bench.process(bench.claim("environment")).result == {"url": None, "stdin": ""}


def test_an_interrupt_ends_the_group_and_goes_on(bench: Bench, all_end: Any) -> None:
    claim = bench.claim("sleep")
    thread = when_line(bench, "asleep", lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        bench.process(claim)
    thread.join()
    assert all_end(bench.folder / "pids")


class Away:
    """A store that does not answer for a while after the first heartbeat."""

    def __init__(self, store: MemoryStore, seconds: float) -> None:
        self._store = store
        self._back = time.monotonic() + seconds
        self.beats = 0

    def heartbeat(self, claim: Claim, *, lease_s: float) -> bool:
        self.beats += 1
        self._answer(first=self.beats == 1)
        return self._store.heartbeat(claim, lease_s=lease_s)

    def append_log(self, claim: Claim, *, seq: int, text: str) -> None:
        self._answer(first=False)
        self._store.append_log(claim, seq=seq, text=text)

    def _answer(self, *, first: bool) -> None:
        if not first and time.monotonic() < self._back:
            raise StoreUnavailable("gone")


def test_a_store_that_is_away_for_a_while_costs_nothing(bench: Bench) -> None:
    claim = bench.claim("sleep", {"seconds": 0.5})
    outcome = bench.process(claim, store=Away(bench.store, 0.3))
    assert outcome.result == {}
    assert bench.log(claim) == "asleep\n"


def test_a_store_that_is_away_longer_than_the_lease_ends_the_run(bench: Bench) -> None:
    claim = bench.claim("sleep")
    limits = Limits(lease_s=0.3, beat_s=0.02, grace_s=0.1)
    failure = bench.process(claim, store=Away(bench.store, 60), limits=limits).failure
    assert failure is not None
    assert failure.kind == "lost"
    assert failure.message == "the lease ran out while the store was away: gone"


def test_a_temporary_folder_that_cannot_be_written_is_named(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = bench.claim("echo")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(CannotWork) as caught:
        bench.process(claim)
    assert str(caught.value) == (
        f"{tmp_path}/missing: the run can't be handed over there (No such file or directory); "
        "free some space or set TMPDIR to another folder"
    )


def test_a_workspace_that_cannot_be_made_is_the_users_error(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bench.folder = tmp_path / "file" / "work"
    failure = bench.process(bench.claim("echo")).failure
    assert failure is not None
    assert (failure.kind, failure.exit_code) == ("user_error", 3)
    assert failure.message == (
        f"{tmp_path}/file/work: the workspace can't be made (Not a directory); "
        "choose another folder"
    )
