"""Guards against questions whose answer is degenerate: it could be told without looking.

empty_answer       a list without items
constant_values    a column that is measured has one value only on the rows asked about
too_few_values     fewer than five cells have a value there (three of top or bottom rows)
small_group        a compared group has rows enough, but fewer than five values
all_groups_equal   all groups have the same number, so that none is highest
degenerate_answer  a correlation of 1 or -1, a share of 0 or 100, a p-value of 0 or 1, any 0.0
few_digits         rounding leaves one digit of the answer: 0.0004 for 0.00038
unused_branch      most steps of a decision stand in the branch that is not taken
answer_in_prompt   the answer is a literal of the question's own conditions
"""

from __future__ import annotations

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Cells, Datum, Groups, close, groups_in
from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.program.engine.ablation import live
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.grammar.production import FREE
from tracemill_datagen.question.bench import Bench, shown

MIN_VALUES = 5
"""Fewest cells with a value that a measured column or a compared group may have."""

MIN_TOP_VALUES = 3
"""The same where the rows are the top or bottom ones: three of them are asked for at least."""

MIN_SHOWN = 9.5
"""Units of the last asked decimal that an answer comes to at least, unless they say it exactly: 10
are two digits."""

_LIMITS = {"correlation": 1, "rank_correlation": 1, "kendall_correlation": 1, "share": 100}
"""Operator -> largest magnitude that its number can have."""

_LITERALS = ("value", "low", "high", "first", "second", "limit")
"""Parameters of conditions that a person reads as values of a column."""

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
    _check_digits(expression, gold, decimals)
    _check_answer(expression, gold, decimals)
    for part in expression.parts():
        if part.op in {"column", "labels"}:
            _check_cells(part, bench)
        elif part.operator.output == "groups":
            _check_groups(part, bench)


def check_chain(expression: Expression, interpreter: Interpreter) -> None:
    """Check that at least half of a decision's steps are on the way to its answer.

    Raises:
        Rejected: ``unused_branch``.
    """
    if not any(part.operator.decides for part in expression.parts()):
        return
    used = set[str]()
    for part in live(expression, interpreter):
        used.add(part.canonical)
        if part.operator.decides:
            used.update(each.canonical for each in part.inputs[0].parts())
    steps = [part.canonical for part in expression.parts() if part.op not in FREE]
    unused = [step for step in steps if step not in used]
    if 2 * len(unused) > len(steps):
        raise Rejected("unused_branch", f"{len(unused)} of {len(steps)} steps")


def check_answer(expression: Expression, answer: Datum) -> None:
    """Check that an answer is no literal of the conditions that its program states.

    Raises:
        Rejected: ``answer_in_prompt``.
    """
    for part in expression.parts():
        for key in _LITERALS:
            if key in part.parameters and part.parameters[key] == answer:
                raise Rejected("answer_in_prompt", f"{answer} in {part.op}")


def _check_digits(expression: Expression, gold: Datum, decimals: int | None) -> None:
    if not isinstance(gold, float) or decimals is None:
        return
    if gold == 0:
        raise Rejected("degenerate_answer", f"{expression.op} is 0.0")
    kept = round(gold, decimals)
    if abs(gold) * 10**decimals < MIN_SHOWN and not close(gold, kept):
        raise Rejected("few_digits", f"{gold!r} is shown as {kept}")


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
    codes = datum.codes
    top = any(below.op in {"top_rows", "bottom_rows"} for below in part.parts())
    least = MIN_TOP_VALUES if top else MIN_VALUES
    if len(codes) < least:
        raise Rejected("too_few_values", f"{part.parameters['column']} has {len(codes)}")
    if (codes == codes[0]).all():
        raise Rejected(
            "constant_values", f"{datum.column.name} is {datum.column.levels[codes[0]]!r}"
        )


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
