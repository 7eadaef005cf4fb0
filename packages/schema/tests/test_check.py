from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_schema.check import check_file
from tracemill_schema.claim import Claim
from tracemill_schema.errors import UsageFault
from tracemill_schema.trace import Step, Trace


def test_every_faulty_line_is_reported_and_the_rest_is_counted(
    tmp_path: Path, trace: Trace
) -> None:
    lie = Step(i=0, type="compute", content="2+3=6", claim=Claim(op="add", args=(2, 3), result=6))
    wrong = trace.replace(steps=(lie, trace.steps[1]))
    wrong = wrong.model_copy(update={"id": wrong.computed_id()})
    path = tmp_path / "traces.jsonl"
    path.write_bytes(b"\n".join([trace.to_bytes(), b"{", wrong.to_bytes(), b""]))
    report = check_file(path, Trace)
    assert report.checked == 3
    assert [line.line for line in report.faulty] == [2, 3]
    assert str(report.faulty[1].faults[0]) == (
        "/steps/0/claim: wanted a claim that replays, got add gives 5, not 6"
    )


def test_one_document_in_a_file_of_its_own(tmp_path: Path, trace: Trace) -> None:
    path = tmp_path / "trace.json"
    path.write_bytes(trace.to_bytes())
    assert check_file(path, Trace).faulty == ()


def test_nothing_to_check_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"\n")
    with pytest.raises(UsageFault, match="wanted at least one record, got an empty file"):
        check_file(tmp_path / "empty.jsonl", Trace)
    with pytest.raises(UsageFault, match="wanted a readable file"):
        check_file(tmp_path / "none.jsonl", Trace)
