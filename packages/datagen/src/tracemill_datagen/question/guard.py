"""Guards against questions whose answer is degenerate: it could be told without looking.

empty_answer       a list without items
constant_values    a column that is measured has one value only on the rows asked about
too_few_values     fewer than five cells have a value there (three of top or bottom rows)
small_group        a compared group has rows enough, but fewer than five values
all_groups_equal   all groups have the same number, so that none is highest
degenerate_answer  a correlation of 1 or -1, a share of 0 or 100, a p-value of 0 or 1 as shown
"""

from __future__ import annotations

from itertools import islice

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Cells, Datum, Groups, close, groups_in
from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.question.bench import Bench, shown

MIN_VALUES = 5
"""Fewest cells with a value that a measured column or a compared group may have."""

MIN_TOP_VALUES = 3
"""The same where the rows are the top or bottom ones: three of them are asked for at least."""

_LIMITS = {"correlation": 1, "rank_correlation": 1, "kendall_correlation": 1, "share": 100}
"""Operator -> largest magnitude that its number can have."""

_COMPARED = ("group_mean", "group_median", "group_max", "group_min")


def check_degenerate(expression: Expression, bench: Bench, decimals: int | None) -> None:
    """Check that a program's answer is worth asking for on a table.

    Args:
        expression: The program.
        bench: Both engines on the table; only the interpreter is asked.
        decimals: Digits after the point for a float answer.

    Raises:
        Rejected: with one of the reasons above, or the interpreter's.
    """
    gold = bench.interpreter.value(expression)
    if isinstance(gold, tuple) and not gold:
        raise Rejected("empty_answer", expression.op)
    _check_answer(expression, gold, decimals)
    for part in expression.parts():
        if part.op in {"column", "labels"}:
            _check_cells(part, bench)
        elif part.operator.output == "groups":
            _check_groups(part, bench)


def _check_answer(expression: Expression, gold: Datum, decimals: int | None) -> None:
    limit = _LIMITS.get(expression.op)
    if limit is None and expression.op.endswith("_p"):
        limit = 1
    if limit is None or not isinstance(gold, int | float):
        return
    answer = shown(gold, decimals)
    ends = (limit, -limit) if limit == 1 and expression.op in _LIMITS else (0, limit)
    if answer in ends:
        raise Rejected("degenerate_answer", f"{expression.op} is {answer}")


def _check_cells(part: Expression, bench: Bench) -> None:
    datum = bench.interpreter.value(part)
    if not isinstance(datum, Cells):
        return
    present = (cell for cell in datum.values if cell is not None)
    first = list(islice(present, MIN_VALUES))
    top = any(below.op in {"top_rows", "bottom_rows"} for below in part.parts())
    least = MIN_TOP_VALUES if top else MIN_VALUES
    if len(first) < least:
        raise Rejected("too_few_values", f"{part.parameters['column']} has {len(first)}")
    if len(set(first)) == 1 and all(cell == first[0] for cell in present):
        raise Rejected("constant_values", f"{part.parameters['column']} is {first[0]!r}")


def _check_groups(part: Expression, bench: Bench) -> None:
    datum = bench.interpreter.value(part)
    if not isinstance(datum, Groups):
        return
    values = list(datum.values.values())
    if len(values) > 1 and all(close(value, values[0]) for value in values):
        raise Rejected("all_groups_equal", f"{part.op} is {values[0]}")
    if part.op not in _COMPARED or not bench.sheet.column(str(part.parameters["column"])).nulls:
        return
    known = call("not_null", part.inputs[0], column=part.parameters["column"])
    sizes = groups_in(bench.interpreter.value(call("group_count", known, by=part.parameters["by"])))
    for label, size in sizes.items():
        if size < MIN_VALUES:
            raise Rejected("small_group", f"{label} has {size} values")
