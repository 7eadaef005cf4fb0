"""The prompt around a question's sentence, and what counts as a correct answer to it."""

from __future__ import annotations

from collections.abc import Mapping

from tracemill_datagen.convention.turning import ABOUT_EMPTY, ONE_CELL
from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.operator import columns_of
from tracemill_datagen.program.operators.calendar import coverage
from tracemill_datagen.program.wording.pattern import WHERE
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import steps_of
from tracemill_datagen.table.join import JoinedSheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import AnswerSpec

MAX_PROMPT = 700
"""Most characters of a prompt."""

MAX_STEPS = 4
"""Most sentences "Let A be ...": of more a reader loses track."""

NEGATED = frozenset({"filter_not_equal", "other_groups"})
"""Selections by what a cell is not: a reader may think that an empty cell is not it, either."""

NEIGHBOURS = frozenset({
    "rise_period", "fall_period", "growth_period", "largest_rise", "rises", "rolling_max",
    "rolling_peak",
})  # fmt: skip
"""Operators for which it matters what the period before is."""

ENDS = frozenset({"peak_period", "running_share", "change_first_last", "percent_change"})
"""Operators to which a period of 0 makes no difference, first and last ones have rows."""

UNFILLED = frozenset({"year", "value"})
"""Units of periods of which a series is never filled (``fill_periods``)."""

SAYS_ITSELF = ABOUT_EMPTY | ONE_CELL | {"not_null"}
"""Operators whose own words settle what becomes of empty cells."""

CELL, CELLS = "the value as it stands in the table", "the values as they stand in the table"

TEXTS: Mapping[str, str] = {
    "named": "the name of the column",
    "joined": "the name of the column",
    "month": "the month, written YYYY-MM",
    "day": "the day, written YYYY-MM-DD",
    "weekday": "the English name of the weekday",
    "month_name": "the English name of the month",
}
"""What the texts of an answer are -> words that ask for one; all others are cells of the table."""

LISTS: Mapping[str, str] = {
    "named": "the names of the columns",
    "joined": "the names of the columns",
    "month": "the months, written YYYY-MM",
    "day": "the days, written YYYY-MM-DD",
    "weekday": "the English names of the weekdays",
    "month_name": "the English names of the months",
}
"""The same for lists."""


def spec_of(expression: Expression, sheet: Sheet, gold: Datum, decimals: int | None) -> AnswerSpec:
    """Return what counts as a correct answer to a program."""
    if isinstance(gold, tuple):
        whole = all(isinstance(item, int) for item in gold)
        return AnswerSpec(kind="list", item=AnswerSpec(kind="integer" if whole else "string"))
    if isinstance(gold, str):
        return AnswerSpec(kind="string")
    unit = unit_of_answer(expression, sheet)
    if isinstance(gold, int):
        return AnswerSpec(kind="integer", unit=unit)
    return AnswerSpec(kind="number", decimals=decimals, unit=unit)


def unit_of_answer(expression: Expression, sheet: Sheet) -> str | None:
    """Return the unit of a program's number, or None where the table hints at none."""
    operator = expression.operator
    if operator.unit is not None or not (operator.keeps_unit or expression.op == "column"):
        return operator.unit
    if "column" in expression.parameters:
        return sheet.column(str(expression.parameters["column"])).unit
    return unit_of_answer(expression.inputs[0], sheet)


def prompt_of(
    sentence: str, expression: Expression, sheet: Sheet, *, statement: str, spec: AnswerSpec
) -> str:
    """Write the whole prompt.

    Args:
        sentence: The question's clause.
        expression: Its program; decides whether empty cells must be spoken of.
        sheet: The table.
        statement: The convention to name, or nothing.
        spec: What counts as correct; decides how the answer is asked for.

    Raises:
        Rejected: ``too_long``.
    """
    sentences = [f"In the table {place_of(sheet)}, {sentence}?"]
    sentences.extend(empty_cells(expression, sheet))
    if statement:
        sentences.append(statement)
    sentences.append(_form(spec, expression))
    prompt = " ".join(sentences)
    if len(prompt) > MAX_PROMPT:
        raise Rejected("too_long", f"{len(prompt)} characters, at most {MAX_PROMPT}")
    return prompt


def place_of(sheet: Sheet) -> str:
    """Name a table, or two that are joined, and how."""
    if not isinstance(sheet, JoinedSheet):
        return sheet.name
    join = sheet.join
    key, lookup = column_words(join.left_key), column_words(join.right_key)
    same = f"the same {key}" if key == lookup else f"its {key} as {lookup}"
    return (
        f"{join.left.name}, each row joined with the row of the table {join.right.name} that has "
        f"{same} (rows without such a row are left out)"
    )


def empty_cells(expression: Expression, sheet: Sheet) -> tuple[str, ...]:
    """Say what becomes of empty cells and of periods without rows.

    Of cells, if a column that is read or filtered has empty ones, but not of parts that ask whether
    cells are empty, or for one cell of a named row. Of periods, where they may matter and the axis
    "periods" cannot tell.
    """
    sparse = [
        part
        for part in expression.parts()
        if part.op not in SAYS_ITSELF
        and any(sheet.column(name).nulls for name in columns_of(part.parameters))
    ]
    conditions = all(part.operator.wordings[0].startswith(WHERE) for part in sparse)
    said = [] if conditions else ["Leave cells without a value out."]
    if sparse and (conditions or any(part.op in NEGATED for part in sparse)):
        said.append("A cell without a value meets no condition.")
    if any(_skips_periods(part, sheet) for part in expression.parts()):
        said.append("Leave periods without rows out.")
    return tuple(said)


def check_steps(expression: Expression) -> None:
    """Check that a program can be told in few sentences, before anything is reckoned.

    Raises:
        Rejected: ``too_long``.
    """
    steps = len(steps_of(expression))
    if steps > MAX_STEPS:
        raise Rejected("too_long", f"{steps} steps to name, at most {MAX_STEPS}")


def _skips_periods(part: Expression, sheet: Sheet) -> bool:
    """Tell whether an operation may read a series with gaps that no reading of it fills."""
    series = part.inputs[0] if part.inputs else part
    unit = str(series.parameters.get("unit", ""))
    if series.op in {"series_count", "series_sum"}:
        matters = series is not part and part.op not in ENDS and unit in UNFILLED
    else:
        matters = part.op in NEIGHBOURS and series.op in {"series_mean", "series_max"}
    if not matters or series.inputs[0].op != "table":
        return matters
    return coverage(sheet.column(str(series.parameters["by"])), unit) < 1


def _form(spec: AnswerSpec, expression: Expression) -> str:
    if spec.kind == "number":
        return f"Round to {spec.decimals} decimals."
    if spec.kind == "integer":
        return "Answer with an integer."
    source = _source(expression)
    if spec.kind == "list":
        return f"Answer with a JSON list of {LISTS.get(source, CELLS)}."
    return f"Answer with {TEXTS.get(source, CELL)}."


def _source(expression: Expression) -> str:
    """Return what the texts of an answer are: a key of ``TEXTS``, or nothing for cells."""
    if expression.op == "gap_end":
        return "day"
    for key in ("unit", "part"):
        if key in expression.parameters:
            return str(expression.parameters[key])
    if expression.op in {"named", "joined"} or not expression.inputs or expression.operator.decides:
        return expression.op
    return _source(expression.inputs[0])
