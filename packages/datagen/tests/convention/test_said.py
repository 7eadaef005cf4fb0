"""What a text states, and what only looks so."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.catalogue import BY_OPTION, OPTIONS
from tracemill_datagen.convention.said import plain_words, says
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

SHEET: Sheet = parse_sheet(
    b"pearson,mean,total sum,kind\n1,2,3,median\n2,3,4,mean\n3,5,9,mean\n", name="sums", where="x"
)
PROGRAM: Expression = call(
    "mean",
    call("column", call("filter_equal", TABLE, column="kind", value="median"), column="mean"),
)


def stated(text: str, name: str) -> bool:
    return says(text, OPTIONS[name], plain_words(text, PROGRAM, SHEET))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("the mean of x", "mean", True),
        ("the Average of x", "mean", True),
        ("the meaning of x", "mean", False),
        ('the highest "mean"', "mean", False),
        ('the "pearson" of x', "Pearson", False),
        ("the Pearson correlation", "Pearson", True),
        ('where kind is "median"', "median", False),
        ('the "total sum" per kind', "by sum", False),
        ("the sum of it", "by sum", True),
        ("std (ddof = 1, dividing by n - 1)", "ddof=1", True),
        ("std (ddof = 1, dividing by n - 1)", "ddof=0", False),
        ("std (ddof = 0, dividing by n)", "ddof=0", True),
        ("std (ddof = 0, dividing by n)", "ddof=1", False),
        ("In the table sums, how many?", "by sum", False),
        ("std (ddof = 10)", "ddof=1", False),
        ('the method "lower" between ranks', "method=lower", True),
        ('the method "lower" between ranks', "method=linear", False),
        ("the skewness (g1, as a population)", "skewness g1", True),
        ("the skewness (g1, as a population)", "skewness G1", False),
        ("of a test with continuity correction", "continuity=yes", True),
        ("Do not correct for continuity.", "continuity=yes", False),
        ("Do not correct for continuity.", "continuity=no", True),
    ],
)
def test_words_state_an_option_outside_names_and_literals(
    text: str, name: str, *, expected: bool
) -> None:
    assert stated(text, name) is expected


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_every_statement_states_its_option_and_no_other_of_its_axis(name: str) -> None:
    option = OPTIONS[name]
    if not option.statement:
        assert BY_OPTION[name].guard
        return
    others = [other for other in BY_OPTION[name].options if other is not option]
    assert stated(option.statement, name)
    assert option.pattern.search(option.statement)
    assert [o.name for o in others if stated(option.statement, o.name)] == []
