"""Texts are read back as the very programs that they were written from."""

# ruff: noqa: S311 - the random numbers guard no secret
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import bindings_of
from tracemill_datagen.program.catalogue import BY_NAME, OPERATORS
from tracemill_datagen.program.datum import ValueType
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operator import COLUMN_KEYS, Operator
from tracemill_datagen.program.wording import tree, wording
from tracemill_datagen.program.wording.parsing import parse, readings, sentence_that_reads_back
from tracemill_datagen.program.wording.pattern import Slot, patterns_of
from tracemill_datagen.program.wording.wording import phrase_of, sentence_of, steps_sentence
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import Value

NASTY = (
    "mean", "where", "the rows where x is 3", 'a "b"', "A", "3", "is not", "and", "größe x", "B 2",
    "all rows", "x.y", "(mass)", "Mass", "mass", "x_1", "rows of A", "C\\D", "-1", "value",
)  # fmt: skip
"""Names of columns that a careless reader would take for words, steps, signs or numbers."""

LITERALS: tuple[Value, ...] = (
    3, -2, 0, 0.5, -1.25, 5.0, 1e-7, 1e16, "ox", "North West", "where x is 3", 'a "b" \\', "größe",
    "(", "A", "3", "and", "2012-01-05", ".", "", "?", "the rows of A",
)  # fmt: skip

MEAN = call("mean", call("column", TABLE, column="mass"))

LONGEST = 12
"""Operators of the longest programs that are asked for."""

TABLES = ("penguins", "nyc_flights", "seattle_weather")


def nasty(name: str) -> Sheet:
    """Return an embedded table whose columns have other names."""
    sheet = embedded_sheet(embedded_named(name))
    columns = sheet.columns[: len(NASTY)]
    renamed = zip(columns, Random(name).sample(NASTY, len(columns)), strict=True)
    return replace(sheet, columns=tuple(replace(c, name=called) for c, called in renamed))


SHEETS = tuple(nasty(name) for name in TABLES)


class Nth(Random):
    """Chooses the n-th of anything, round and round."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self._n = n

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """Return n modulo ``start``."""
        return self._n % start


def drawn(operator: Operator, sheet: Sheet, rng: Random, size: int) -> Expression:
    """Draw a program by type alone, of about ``size`` operators: it needs no value to be worded."""
    shares = [0] * len(operator.inputs)
    for _ in range(size - 1 if shares else 0):
        shares[rng.randrange(len(shares))] += 1
    pairs = zip(operator.inputs, shares, strict=True)
    inputs = tuple(_of(kind, sheet, rng, share) for kind, share in pairs)
    keys = [s.key for s in _slots(operator) if s.kind != "operand"]
    parameters = {key: _value(operator, key, sheet, rng) for key in keys}
    return Expression(op=operator.name, inputs=inputs, parameters=parameters)


def _of(kind: ValueType, sheet: Sheet, rng: Random, size: int) -> Expression:
    if kind == "rows" and size <= 0:
        return TABLE
    fitting = [o for o in OPERATORS if o.output == kind and o.inputs]
    if size <= 1:
        least = min(_need(operator) for operator in fitting)
        fitting = [operator for operator in fitting if _need(operator) == least]
    return drawn(rng.choice(fitting), sheet, rng, size)


def _need(operator: Operator) -> int:
    """Tell how far an operator's operands are from the table."""
    return sum({"rows": 0, "numbers": 1, "labels": 1}.get(kind, 5) for kind in operator.inputs)


def _value(operator: Operator, key: str, sheet: Sheet, rng: Random) -> Value:
    if key in COLUMN_KEYS:
        return rng.choice(sheet.columns).name
    if key in operator.words:
        said: Sequence[int | float | str] = [*operator.words[key]]
        return rng.choice(said)
    return rng.choice(LITERALS)


def _slots(operator: Operator) -> Sequence[Slot]:
    pattern = patterns_of(operator)[0]
    return [piece for piece in pattern.pieces if isinstance(piece, Slot)]


def canonicals(text: str, sheet: Sheet, output: ValueType | None = None) -> list[str]:
    """Return the canonical forms of all readings."""
    return [program.canonical for program in readings(text, sheet, output)]


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_wording_of_every_operator_is_read_back(operator: Operator) -> None:
    rng = Random(operator.name)
    for n in range(max(3, len(operator.wordings))):
        sheet = SHEETS[n % len(SHEETS)]
        expression = drawn(operator, sheet, rng, 1 + n % 3)
        text = phrase_of(expression, Nth(n))
        assert canonicals(text, sheet, operator.output) == [expression.canonical], text


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_composed_programs_are_read_back_in_both_styles(operator: Operator) -> None:
    rng = Random(f"composed {operator.name}")
    for n in range(6):
        sheet = SHEETS[n % len(SHEETS)]
        expression = drawn(operator, sheet, rng, rng.randint(2, LONGEST))
        for text in (phrase_of(expression, rng), _steps(expression, rng)):
            assert canonicals(text, sheet, operator.output) == [expression.canonical], text


def _steps(expression: Expression, rng: Random) -> str:
    """Tell a program in steps, or a random one of the two styles where no step is named."""
    text = steps_sentence(expression, rng)
    return text if text.startswith("let ") else sentence_of(expression, rng)


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_all_parameters_that_are_bound_stand_in_the_text(operator: Operator) -> None:
    named = {slot.key for slot in _slots(operator) if slot.kind != "operand"}
    for sheet in SHEETS:
        for parameters in bindings_of(operator, roles_of(sheet))[:5]:
            assert set(parameters) == named
            assert all(parameters[key] in operator.words[key] for key in named & {*operator.words})


def test_words_of_a_parameter_are_told_apart() -> None:
    for operator in OPERATORS:
        for words in operator.words.values():
            assert len(set(words.values())) == len(words)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("What is the mean of mass over all rows?", MEAN),
        ("what is the number of rows", call("count", TABLE)),
        ("the count of rows where kind is equal to \"bug\"",
         call("count", call("filter_equal", TABLE, column="kind", value="bug"))),
        ('let A be the rows where legs is 6. What is the number of rows of A?',
         call("count", call("filter_equal", TABLE, column="legs", value=6))),
        ('Is it true that (the number of rows) is greater than 3?',
         call("is_above", call("count", TABLE), limit=3)),
        ('the mean of "mass".', MEAN),
    ],
)  # fmt: skip
def test_what_a_person_may_write_is_read(text: str, program: Expression, zoo: Sheet) -> None:
    assert parse(text, zoo).canonical == program.canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "what is",
        "how heavy are they",
        "the mean of weight",
        "the mean of mass over",
        "the mean of mass over all rows and more",
        "the number of rows where mass is greater than",
        "the number of rows where kind is bug",
        "the number of rows where legs is 6 and",
        "the 1e999 rows with the largest mass",
        "the number of rows of A",
        "let A be the number of rows. What is the mean of A",
        "let A be the number of rows. Let A be the number of rows. What is A minus A",
        "let a be the number of rows. What is a minus a",
        "let A be. What is A",
        "let A be the number of rows",
        "(the number of rows minus (the number of rows)",
        "(" * 5_000 + "the number of rows",
    ],
)
def test_other_texts_have_no_reading(text: str, zoo: Sheet) -> None:
    assert readings(text, zoo) == ()
    with pytest.raises(Rejected, match="^not_our_wording"):
        parse(text, zoo)


def test_a_column_alone_has_two_readings_and_its_type_tells_which(zoo: Sheet) -> None:
    assert parse("mass", zoo, "numbers").op == "column"
    assert parse("mass", zoo, "labels").op == "labels"
    assert readings("mass", zoo) == ()


def test_two_readings_are_refused_by_name(zoo: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    found = (call("count", TABLE), MEAN)
    monkeypatch.setattr("tracemill_datagen.program.wording.parsing.readings", lambda *_: found)
    with pytest.raises(Rejected, match=r"^two_readings: count\(table\(\)\) \| mean"):
        parse("the size of it", zoo)


@pytest.fixture
def open_choice(monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    """Word a choice of rows so that it starts with an operand."""
    caches = (tree.forest, wording._patterns, wording._starts_open, wording._bracketed)
    worded = replace(BY_NAME["choose_rows"], wordings=("{1} if {0}, otherwise {2}",))
    others = [operator for operator in OPERATORS if operator.name != worded.name]
    monkeypatch.setattr(tree, "OPERATORS", (*others, worded))
    monkeypatch.setattr(wording, "BY_NAME", {**BY_NAME, worded.name: worded})
    for cached in caches:
        cached.cache_clear()
    yield worded
    for cached in caches:
        cached.cache_clear()


def test_what_starts_with_an_operand_stands_in_brackets_or_is_a_step(
    zoo: Sheet, open_choice: Operator
) -> None:
    bugs = call("filter_equal", TABLE, column="kind", value="bug")
    flag = call("is_above", call("count", bugs), limit=3)
    rows = Expression(op=open_choice.name, inputs=(flag, bugs, TABLE), parameters={})
    count, top = call("count", rows), call("top_rows", rows, column="mass", n=3)
    assert phrase_of(count) == (
        'the number of ((the rows where kind is "bug") if ((the number of rows where kind is '
        '"bug") is greater than 3), otherwise all rows)'
    )
    assert steps_sentence(count).endswith(
        "Let C be the rows of A if B holds, otherwise all rows. What is the number of rows of C"
    )
    for expression in (count, top):
        for text in (phrase_of(expression), steps_sentence(expression)):
            assert canonicals(text, zoo) == [expression.canonical], text
    for n in range(20):
        sheet, rng = SHEETS[n % len(SHEETS)], Random(n)
        expression = drawn(open_choice, sheet, rng, 8)
        for text in (phrase_of(expression, rng), _steps(expression, rng)):
            assert canonicals(text, sheet, "rows") == [expression.canonical], text


def test_a_sentence_is_given_out_only_if_it_reads_back(
    zoo: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sentence_that_reads_back(MEAN, zoo, Random(1))
    assert parse(text, zoo).canonical == MEAN.canonical
    monkeypatch.setattr(
        "tracemill_datagen.program.wording.parsing.sentence_of",
        lambda *_: "what is the sum of mass",
    )
    with pytest.raises(Rejected, match="^misread: 'what is the sum of mass' says sum"):
        sentence_that_reads_back(MEAN, zoo, Random(1))
