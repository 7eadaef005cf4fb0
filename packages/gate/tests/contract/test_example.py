"""Examples are judged by three judges; what they find wrong is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracemill_gate.contract.example import Judges, Place, check_examples
from tracemill_schema.completion import Completion
from tracemill_schema.trace import Trace

A = "a" * 64
GOOD = {"question_id": A, "model": "m", "sample": 0, "text": "", "tokens": 0, "finish": "stop"}
MINUS = {"document": {**GOOD, "sample": -1}, "pointer": "/sample", "keyword": "minimum"}


def checked(folder: Path, valid: object, invalid: object) -> list[str]:
    """Check one valid and one invalid example of completion.v1."""
    for group, value in (("valid", valid), ("invalid", invalid)):
        path = folder / "completion.v1" / group / "x.json"
        path.parent.mkdir(parents=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
    report = check_examples(folder, (Completion,))
    assert report.checked == 2
    return [str(fault).removeprefix("completion.v1/") for fault in report.faults]


def test_good_examples_have_no_fault(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD, MINUS) == []


CASES = [
    (
        {**GOOD, "tokens": -1},
        MINUS,
        [
            "valid/x.json: must be valid, but minimum at /tokens",
            "valid/x.json: must be valid, but the record refuses it at /tokens",
        ],
    ),
    ("{", MINUS, ["valid/x.json: wanted JSON, got "]),
    (
        GOOD,
        {**MINUS, "pointer": "/tokens"},
        ["invalid/x.json: wanted minimum at /tokens, got minimum at /sample"],
    ),
    (
        GOOD,
        {**MINUS, "keyword": "maximum"},
        ["invalid/x.json: wanted maximum at /sample, got minimum at /sample"],
    ),
    (
        GOOD,
        {**MINUS, "document": GOOD},
        [
            "invalid/x.json: wanted minimum at /sample, but the record takes it",
            "invalid/x.json: wanted minimum at /sample, got no fault",
        ],
    ),
    (
        GOOD,
        {**MINUS, "keyword": "model"},
        ["invalid/x.json: wanted the record alone to refuse it, but minimum at /sample"],
    ),
    (GOOD, {"document": GOOD}, ["invalid/x.json: /pointer: wanted a value, got nothing"]),
]


@pytest.mark.parametrize(("valid", "invalid", "messages"), CASES)
def test_faults_of_examples(
    tmp_path: Path, valid: object, invalid: object, messages: list[str]
) -> None:
    found = checked(tmp_path, valid, invalid)
    assert len(found) >= len(messages)
    for got, wanted in zip(found, messages, strict=False):
        assert got.startswith(wanted)


def test_a_contract_without_examples_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "chair.v1").mkdir()
    report = check_examples(tmp_path, (Completion,))
    assert [str(fault) for fault in report.faults] == [
        "completion.v1/valid: wanted examples, got none",
        "completion.v1/invalid: wanted examples, got none",
        "chair.v1: no contract has this name",
    ]
    assert not report.green


def test_engines_that_disagree_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judges, "by_rust", lambda *_: frozenset())
    found = checked(tmp_path, GOOD, MINUS)
    message = "jsonschema reports minimum at /sample, jsonschema-rs no fault"
    assert found == [f"invalid/x.json: {message}"]


def test_both_engines_report_all_faults_at_once() -> None:
    judges = Judges(Completion)
    document = {**GOOD, "sample": -1, "finish": "never", "extra": 1}
    wanted = {
        Place(pointer="/sample", keyword="minimum"),
        Place(pointer="/finish", keyword="enum"),
        Place(pointer="", keyword="additionalProperties"),
    }
    assert judges.by_python(document) == judges.by_rust(document) == wanted


def test_the_record_alone_knows_of_ids() -> None:
    path = Path(__file__).parents[4] / "contracts/examples/trace.v1/valid/modular-chain.json"
    document = json.loads(path.read_text())
    judges = Judges(Trace)
    assert judges.by_record(document) is None
    document["final_answer"] = "8"
    assert judges.by_python(document) == frozenset()
    assert judges.by_record(document) == ("/id",)
