"""Agreement of the engines at the asked precision."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Rows
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.sqlite import SqlEngine
from tracemill_datagen.question.bench import Bench, agree, alike, decimals_for, shown
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.canonical import Value

MEAN = call("mean", call("column", TABLE, column="x"))


def sheet_of(*values: object) -> Bench:
    text = "\n".join(str(value) for value in values)
    return Bench(parse_sheet(f"x\n{text}\n".encode(), name="t", where="t.csv"))


@pytest.mark.parametrize(
    ("values", "decimals", "answer"), [((1, 2), 2, 1.5), ((2, 3, 3), 4, 2.6667)]
)
def test_confirmed_answer_is_rounded(
    values: tuple[float, ...], decimals: int, answer: float
) -> None:
    assert sheet_of(*values).confirmed(MEAN, decimals) == answer


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((1.0, 1.25), r"near_rounding_edge: 1\.125"),
        ((2.675, 2.675), r"near_rounding_edge: 2\.675"),
        ((0.0001, 0.0002), r"vanishes: 0\.00015.* to 2 decimals"),
    ],
)
def test_an_answer_that_the_precision_cannot_settle_is_refused(
    values: tuple[float, ...], reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}"):
        sheet_of(*values).confirmed(MEAN, 2)


def test_disagreement_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_: SqlEngine, expression: Expression) -> Datum:
        return 7.0

    monkeypatch.setattr(SqlEngine, "value", wrong)
    with pytest.raises(Rejected, match=r"^engines_disagree: mean.*interpreter 1\.5, sqlite 7\.0$"):
        sheet_of(1, 2).confirmed(MEAN, 2)


@pytest.mark.parametrize(
    ("answer", "second", "same"),
    [
        (1.5, 1.5000000001, True),
        (1.5, 1.51, False),
        (1.5, float("inf"), False),
        (2.0, 2, True),
        (3, 3, True),
        (3, 4, False),
        ("a", "a", True),
        (["a", "b"], ("a", "b"), True),
        (["a", "b"], ("b", "a"), False),
    ],
)
def test_agreement(answer: Value, second: Datum, *, same: bool) -> None:
    assert agree(answer, second, 2) is same


@pytest.mark.parametrize(("value", "decimals"), [(3, None), ("a", None), (1.5, 2), (-0.5, 4)])
def test_decimals_follow_the_size(value: Datum, decimals: int | None) -> None:
    assert decimals_for(value) == decimals


@pytest.mark.parametrize(
    ("left", "right", "decimals", "same"),
    [
        (1.004, 1.0, 2, True),
        (1.006, 1.004, 2, False),
        (1.005, 0.995001, 2, False),
        (1.1, 1.2, 2, False),
        (1e15 + 1, 1e15, 2, False),
        (0.0, -0.0, 4, True),
        (3, 3.0, None, True),
        ("a", "a", None, True),
        ("a", 1.0, None, False),
        (("a", "b"), ("b", "a"), None, False),
    ],
)
def test_answers_are_alike_where_they_are_shown_alike(
    left: Datum, right: Datum, decimals: int | None, *, same: bool
) -> None:
    assert alike(left, right, decimals) is same
    assert (shown(left, decimals) == shown(right, decimals)) is same


def test_rows_are_no_answer() -> None:
    with pytest.raises(TypeError, match="^Rows is not an answer$"):
        shown(Rows([1]), 2)
