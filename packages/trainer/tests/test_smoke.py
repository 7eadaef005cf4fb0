from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record
from tracemill_schema.seal import is_sealed
from tracemill_trainer import smoke
from tracemill_trainer.data import Corpus
from tracemill_trainer.errors import SmokeFailed
from tracemill_trainer.home import Home
from tracemill_trainer.smoke import Found, SmokeConfig, made_up, run_smoke
from tracemill_trainer.versions import sources, versions

GOOD = Found(
    first_loss=5.6,
    last_loss=1.5,
    recorded_next_loss=2.0,
    restored_next_loss=2.0,
    text="7",
    checkpoint="a" * 64,
)


def test_the_chains_are_right_and_always_the_same() -> None:
    examples = made_up().examples
    assert made_up() == made_up()
    assert len({example.text for example in examples}) > 390
    for example in examples[:20]:
        prompt, written = example.text.split("\n", 1)
        body = written.removeprefix("<reasoning>").split("</reasoning>")[0]
        for line in body.split("\n"):
            expression, result = line.split("=")
            left, sign, right = int(expression[0]), expression[1], int(expression[2:])
            value = {"+": left + right, "-": left - right, "*": left * right}[sign]
            assert int(result) == value % 10
        assert written.endswith(f"<answer>{body[-1]}</answer>")
        assert prompt.endswith(" mod 10")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"last_loss": 4.7}, "the loss went from 5.600 to 4.700, wanted a fall of 1.0"),
        ({"restored_next_loss": 2.0000001}, "the step after the checkpoint had the loss 2.0, in"),
        ({"text": ""}, "the model wrote nothing"),
    ],
)
def test_each_fault_is_found(change: dict[str, object], fault: str | None) -> None:
    faults = GOOD.replace(**change).faults()
    assert len(faults) == (fault is not None)
    assert fault is None or faults[0].startswith(fault)


def test_a_failed_check_leaves_evidence_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Trained:
        config: dict[str, str] = {}  # noqa: RUF012 - stands in for a manifest

    def broken(config: SmokeConfig, learned: Corpus, home: Home) -> tuple[object, Found]:
        return Trained(), GOOD.replace(last_loss=5.0, text="")

    monkeypatch.setattr(smoke, "check", broken)
    path = tmp_path / "smoke.json"
    with pytest.raises(SmokeFailed, match="training does not work on cpu: the loss went from"):
        run_smoke(SmokeConfig(device="cpu"), dataset=None, evidence=path)
    found = read_record(path, Evidence).predicate
    assert (found.passed, found.failed, found.checked, found.device) == (1, 2, 3, "cpu")
    assert is_sealed(path)


@pytest.mark.train
def test_training_works_here(tmp_path: Path) -> None:
    path = tmp_path / "evidence" / "train-smoke.json"
    tree = "b" * 40
    told = run_smoke(SmokeConfig(device="cpu", steps=20, tree=tree), dataset=None, evidence=path)
    assert told["recorded_next_loss"] == told["restored_next_loss"]
    evidence = read_record(path, Evidence)
    assert (evidence.predicate.gate, evidence.predicate.passed) == ("train-smoke", 3)
    assert evidence.predicate.versions == versions() | sources()
    assert evidence.subject[0].digest.gitTree == tree
