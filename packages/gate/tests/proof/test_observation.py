"""Events of the probe become states."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracemill_gate.proof.observation import Case, Fault, Run, observe

FAULT = {
    "types": ["AssertionError", "Exception"],
    "text": "AssertionError: no",
    "file": "tests/a.py",
    "line": 3,
    "inside": True,
    "name": None,
    "owner": None,
}
Phase = tuple[str, str, list[dict[str, object]]]


def written(path: Path, *events: dict[str, object], tail: str = "") -> Path:
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + tail)
    return path


def phases(*found: Phase) -> list[dict[str, object]]:
    return [
        {"event": "start", "id": "a.py::t"},
        *(
            {"event": "report", "id": "a.py::t", "when": w, "how": h, "why": "", "faults": f}
            for w, h, f in found
        ),
        {"event": "end", "id": "a.py::t"},
    ]


CASES = [
    ([("setup", "passed", []), ("call", "passed", []), ("teardown", "passed", [])], "passed"),
    ([("setup", "passed", []), ("call", "failed", [FAULT]), ("teardown", "passed", [])], "failed"),
    ([("setup", "failed", [FAULT]), ("teardown", "passed", [])], "error"),
    ([("setup", "passed", []), ("call", "passed", []), ("teardown", "failed", [])], "error"),
    ([("setup", "passed", []), ("call", "failed", []), ("teardown", "failed", [])], "error"),
    ([("setup", "skipped", []), ("teardown", "passed", [])], "skipped"),
    ([("setup", "passed", []), ("call", "skipped", []), ("teardown", "passed", [])], "skipped"),
    ([("setup", "passed", []), ("call", "xfailed", [FAULT])], "xfailed"),
    ([("setup", "passed", []), ("call", "xpassed", [])], "xpassed"),
    # a failed part of a test (subtests) beside its own pass
    ([("call", "failed", [FAULT]), ("call", "passed", [])], "failed"),
    ([("call", "rerun", [FAULT])], "unfinished"),
]


@pytest.mark.parametrize(("found", "state"), CASES)
def test_the_phases_of_a_test_give_its_state(
    tmp_path: Path, found: list[Phase], state: str
) -> None:
    seen = observe(written(tmp_path / "e", *phases(*found)), ended="")
    assert seen.cases["a.py::t"].state == state


def test_the_faults_are_those_of_the_phase_that_decided(tmp_path: Path) -> None:
    # pytest tells a failure twice: once with its exception, once without.
    events = phases(("call", "failed", []), ("call", "failed", [FAULT]))
    (case,) = observe(written(tmp_path / "e", *events), ended="").cases.values()
    assert case.faults == (Fault(**{**FAULT, "types": ("AssertionError", "Exception")}),)


def test_a_test_in_which_the_process_died_is_unfinished(tmp_path: Path) -> None:
    events = phases(("setup", "passed", []), ("call", "passed", []))[:-1]
    file = written(tmp_path / "e", *events, tail='{"event": "end", "i')
    assert observe(file, ended="signal SIGKILL").cases == {
        "a.py::t": Case(state="unfinished", why="signal SIGKILL in this test")
    }
    assert observe(file, ended="").cases["a.py::t"].why == "the process ended early in this test"


def test_modules_known_ids_and_the_end_are_kept(tmp_path: Path) -> None:
    seen = observe(
        written(
            tmp_path / "e",
            {"event": "collected", "known": ["a.py::t", "a.py::u"]},
            {"event": "module", "name": "shop", "file": "/x/shop.py"},
            {"event": "finished", "code": 0},
        ),
        ended="",
    )
    assert (seen.known, seen.modules, seen.finished) == (
        ("a.py::t", "a.py::u"),
        {"shop": "/x/shop.py"},
        True,
    )


def test_without_events_nothing_was_seen(tmp_path: Path) -> None:
    seen = observe(tmp_path / "none", ended="")
    assert (seen.cases, seen.unusable, seen.finished) == ({}, [], False)


@pytest.mark.parametrize(("how", "state"), [("failed", "uncollected"), ("skipped", "skipped")])
def test_a_file_that_cannot_be_used_speaks_for_its_tests(
    tmp_path: Path, how: str, state: str
) -> None:
    event = {"event": "unusable", "id": "a.py::C", "how": how, "why": "w", "faults": []}
    seen = observe(written(tmp_path / "e", event), ended="")
    unusable = seen.unusable_in("a.py", ["a.py", "b.py"])
    run = Run(file="a.py", side="head", repeat=1, seconds=1.0, unusable=unusable)
    assert run.case("a.py::t") == Case(state=state, why="w")
    assert seen.unusable_in("b.py", ["a.py", "b.py"]) is None
    assert not seen.never_began


@pytest.mark.parametrize(("place", "never_began"), [("", True), ("folder", False)])
def test_what_no_file_is_to_blame_for_speaks_for_all(
    tmp_path: Path, place: str, *, never_began: bool
) -> None:
    event = {"event": "unusable", "id": place, "how": "failed", "why": "w", "faults": []}
    seen = observe(written(tmp_path / "e", event), ended="")
    for file in ("folder/a.py", "folder/b.py"):
        found = seen.unusable_in(file, ["folder/a.py", "folder/b.py"])
        assert found == Case(state="uncollected", why="w")
    assert seen.never_began is never_began


def test_files_of_one_process_are_told_apart(tmp_path: Path) -> None:
    collected = {"event": "collected", "known": ["a.py::t", "aa.py::u"]}
    events = (collected, *phases(("call", "passed", [])), {"event": "start", "id": "aa.py::u"})
    seen = observe(written(tmp_path / "e", *events), ended="signal SIGKILL")
    assert seen.cases_in("a.py") == {"a.py::t": Case(state="passed")}
    assert list(seen.cases_in("aa.py")) == ["aa.py::u"]
    assert (seen.known_in("a.py"), seen.known_in("aa.py")) == (("a.py::t",), ("aa.py::u",))


def test_a_test_that_never_ran_is_unfinished_or_missing() -> None:
    ended = Run(file="a.py", side="head", repeat=1, seconds=1.0, ended="signal SIGABRT")
    assert ended.case("a.py::t") == Case(state="unfinished", why="signal SIGABRT")
    whole = Run(file="a.py", side="head", repeat=1, seconds=1.0)
    assert whole.case("a.py::t") == Case(state="missing")


def test_a_module_from_outside_the_tree_has_leaked() -> None:
    modules = {"shop": "src/shop.py", "stock": "/x/stock.py"}
    run = Run(file="a.py", side="head", repeat=1, seconds=1.0, modules=modules)
    assert run.leaked == ("stock",)
