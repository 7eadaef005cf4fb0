from __future__ import annotations

import pytest

from tracemill_schema.progress import MARK, Progress, parse, report


def test_what_is_reported_is_parsed(capsys: pytest.CaptureFixture[str]) -> None:
    report("training", 3, 10, "loss 1.2")
    line = capsys.readouterr().out.rstrip("\n")
    assert parse(line) == Progress(label="training", done=3, total=10, note="loss 1.2")


@pytest.mark.parametrize("line", ["hello", MARK, MARK + "{", MARK + "{}", MARK + "[]"])
def test_any_other_line_is_not_progress(line: str) -> None:
    assert parse(line) is None
