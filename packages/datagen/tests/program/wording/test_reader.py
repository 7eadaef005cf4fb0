"""Phrases are read from any place of a text, in all ways."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.datum import ValueType
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording.pattern import tokens_of
from tracemill_datagen.program.wording.reader import Reader

COLUMNS = frozenset({"mass", "kind", "where", 'a "b"'})
BUGS = call("filter_equal", TABLE, column="kind", value="bug")


def reader_of(text: str) -> Reader:
    """Return a reader of a text about a table of ``COLUMNS``."""
    return Reader(tokens_of(text), COLUMNS)


def test_a_phrase_is_read_between_two_places() -> None:
    reader = reader_of("let A be the number of rows . What is it")
    assert [e.op for e in reader.whole(3, 7, ("number",))] == ["count"]
    assert reader.whole(3, 6, ("number",)) == ()
    assert reader.whole(3, 7, ("label", "rows")) == ()


@pytest.mark.parametrize(
    ("text", "kind", "program"),
    [
        ("mass", "numbers", call("column", TABLE, column="mass")),
        ('"where"', "labels", call("labels", TABLE, column="where")),
        (r'"a \"b\"" over all rows', "numbers", call("column", TABLE, column='a "b"')),
        ("all rows", "rows", TABLE),
        ('the rows where kind is "bug"', "rows", BUGS),
        (
            'the rows where kind is "bug" and mass is not empty among all rows',
            "rows",
            call("not_null", BUGS, column="mass"),
        ),
        (
            'the rows where kind is "bug" among the 3 rows with the largest mass',
            "rows",
            call(
                "filter_equal",
                call("top_rows", TABLE, column="mass", n=3),
                column="kind",
                value="bug",
            ),
        ),
    ],
)
def test_rows_and_columns(text: str, kind: ValueType, program: Expression) -> None:
    found = reader_of(text).whole(0, len(tokens_of(text)), (kind,))
    assert [e.canonical for e in found] == [program.canonical]


@pytest.mark.parametrize("text", ["where", "weight", '"weight"', '"mass', "Mass", "3", "null"])
def test_what_is_no_column_of_the_table(text: str) -> None:
    assert reader_of(text).whole(0, len(tokens_of(text)), ("numbers", "labels")) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"bug"', "bug"),
        ('"3"', "3"),
        ("3", 3),
        ("3.0", 3.0),
        ("-1e-7", -1e-7),
        ('["a", -2]', ["a", -2]),
        ("true", True),
    ],
)
def test_literals_keep_their_type(text: str, value: object) -> None:
    phrase = f"the rows where kind is {text}"
    found = reader_of(phrase).whole(0, len(tokens_of(phrase)), ("rows",))
    values = [e.parameters["value"] for e in found if e.op == "filter_equal"]
    assert values == [value]
    assert [type(v) for v in values] == [type(value)]


@pytest.mark.parametrize("text", ["bug", "NaN", "1e999", "null", "[", '"bug', "9" * 30])
def test_what_is_no_literal(text: str) -> None:
    phrase = f"the rows where kind is {text}"
    assert reader_of(phrase).whole(0, len(tokens_of(phrase)), ("rows",)) == ()


def test_a_parameter_that_stands_twice_must_be_the_same() -> None:
    text = (
        "the 0.9 quantile (at rank (n - 1) * {} of the n sorted values, counted from 0; "
        'method "lower" between ranks) of mass'
    )
    size = len(tokens_of(text.format("0.9")))
    assert [e.op for e in reader_of(text.format("0.9")).whole(0, size, ("number",))] == ["quantile"]
    assert reader_of(text.format("0.1")).whole(0, size, ("number",)) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the rows of A", "rows"),
        ("the number of rows of A", "number"),
        ("the rows where mass is not empty among the rows of A", "rows"),
    ],
)
def test_steps_are_spoken_of_by_their_letters(text: str, kind: ValueType) -> None:
    reader = reader_of(text)
    reader.steps["A"] = (BUGS,)
    (found,) = reader.whole(0, len(tokens_of(text)), (kind,))
    assert BUGS.canonical in {part.canonical for part in found.parts()}
    assert reader_of(text).whole(0, len(tokens_of(text)), (kind,)) == ()


def test_a_step_of_another_type_is_not_taken() -> None:
    reader = reader_of("the rows of A")
    reader.steps["A"] = (call("count", TABLE),)
    assert reader.whole(0, 4, ("rows",)) == ()


def test_all_readings_of_a_step_are_kept() -> None:
    reader = reader_of("A minus A")
    reader.steps["A"] = (call("count", TABLE), call("count", BUGS))
    assert len(reader.whole(0, 3, ("number",))) == 4
