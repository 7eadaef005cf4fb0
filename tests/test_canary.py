"""Every rule of the gate has a canary, and the harness tells a rule that no longer bites."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from canary.canary import Canary
from canary.catalogue import CANARIES
from canary.part import COMMANDS, NOXFILE, narrowed
from canary.plant import each, remove, replace, write
from canary.rule import WITHOUT, rules
from canary.runner import Outcome, Runner
from canary.scene import ROOT, SCENES, Stage

from tracemill_gate.config import read_config

SH = ("sh", "-c", "cat rule.txt && ! grep broken rule.txt")


@pytest.mark.parametrize(
    ("part", "rule"), [(part, rule) for part, names in rules().items() for rule in names]
)
def test_a_rule_has_a_canary(part: str, rule: str) -> None:
    assert (part, rule) in {(one.part, one.rule) for one in CANARIES}, "plant one in tests/canary"


@pytest.mark.parametrize("gate", read_config(ROOT).required)
def test_a_required_gate_has_a_canary_or_a_reason_why_not(gate: str) -> None:
    assert (gate in {one.part for one in CANARIES}) != (gate in WITHOUT)


def test_a_canary_runs_what_the_gate_runs() -> None:
    assert narrowed("unit-schema", "a.py") == (
        *("pytest", "-q", "-m", NOXFILE.QUICK, "-p", "no:cacheprovider", "a.py"),
    )
    for one in CANARIES:
        if one.part in COMMANDS and one.rule != "could not judge":
            words = set(one.command) - {"{isolated}", "-m", "-p", "no:cacheprovider", "lint"}
            ran = {word for word in words if not (ROOT / word).exists()}
            assert ran <= set(COMMANDS[one.part]), one.name


def test_every_canary_has_a_name_of_its_own_and_wants_words() -> None:
    assert [name for name, n in Counter(one.name for one in CANARIES).items() if n > 1] == []
    assert [one.name for one in CANARIES if not one.says or one.scene not in SCENES] == []


def canary(content: str, *says: str, command: tuple[str, ...] = SH) -> Canary:
    return Canary(
        part="a",
        rule="rule",
        plant=write("rule.txt", content),
        command=command,
        says=says,
        scene="toy",
    )


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A runner whose only scene holds a file with a rule that is kept."""
    monkeypatch.setitem(SCENES, "toy", write("rule.txt", "kept\n"))
    (tmp_path / "clone/packages").mkdir(parents=True)
    return Runner(Stage(tmp_path, clone=tmp_path / "clone"), Path(sys.executable))


def outcome(runner: Runner, *canaries: Canary) -> list[Outcome]:
    told: list[Outcome] = []
    assert runner.run(canaries, told.append) == told
    return told


OUTCOMES = [
    ("as wanted", canary("broken\n", "broken"), "red"),
    ("no longer bites", canary("kept still\n", "kept"), "GREEN"),
    ("for another reason", canary("broken\n", "other words"), "OTHER WORDS"),
    ("red before", canary("broken\n", "x", command=("false",)), "NEVER GREEN"),
]


@pytest.mark.parametrize(
    ("planted", "state"), [case[1:] for case in OUTCOMES], ids=[case[0] for case in OUTCOMES]
)
def test_outcomes(runner: Runner, planted: Canary, state: str) -> None:
    (found,) = outcome(runner, planted)
    assert found.state == state
    assert (found.detail == "") == (state == "red")


def test_a_canary_does_not_stay_for_the_next(runner: Runner) -> None:
    two = outcome(runner, canary("broken\n", "broken"), canary("kept\n", "kept"))
    assert [one.state for one in two] == ["red", "GREEN"]


def test_a_canary_whose_place_is_gone_is_told(runner: Runner) -> None:
    planted = Canary(
        part="a",
        rule="rule",
        plant=each(replace("rule.txt", "gone", "broken"), remove("rule.txt")),
        command=SH,
        says=("broken",),
        scene="toy",
    )
    (found,) = outcome(runner, planted)
    assert found.state == "NOT PLANTED"
    assert found.detail == "rule.txt: wanted 'gone' in it, got none; the canary is out of date"
