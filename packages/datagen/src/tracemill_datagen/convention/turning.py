"""How programs are turned from one option of a convention to another, axis by axis.

Every function here returns what a ``Convention`` needs: which options a program has taken, and the
program under another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tracemill_datagen.convention.axis import Taken, Turned
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operator import columns_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import Value

CELLS, COMPLETE, ZERO = "cells of the column", "complete rows", "as zero"
ALL, KNOWN = "of all rows", "of rows with a value"
GROUPS, ROWS = "each group once", "each row once"
LEFT_OUT, FILLED = "periods without rows left out", "periods without rows as 0"

Axis = tuple[Taken, Turned]


@dataclass(frozen=True)
class Call:
    """An operator that an option stands for, with the literals that it needs of its own."""

    op: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


def by_parameter(key: str, values: Mapping[str, Value], *, of: Sequence[str] = ()) -> Axis:
    """Make an axis of a literal.

    Args:
        key: The parameter's name; an operation that has it with one of the values is concerned.
        values: Option -> the parameter's value.
        of: Operators that it concerns; none if all that have the parameter.
    """
    names = {value: name for name, value in values.items() if isinstance(value, str | int)}

    def named(part: Expression) -> str | None:
        value = part.parameters.get(key)
        concerned = isinstance(value, str | int) and (not of or part.op in of)
        return names.get(value) if concerned and isinstance(value, str | int) else None

    def turn(part: Expression, option: str) -> Expression:
        literals = {**part.parameters, key: values[option]}
        return Expression(op=part.op, inputs=part.inputs, parameters=literals)

    def concerns(expression: Expression) -> bool:
        return key in expression.keys and not (of and expression.operators.isdisjoint(of))

    return _of_parts(named, turn, concerns)


def by_operator(
    operators: Mapping[str, str | Sequence[Call | None]], *, under: Sequence[str] = ()
) -> Axis:
    """Make an axis of the choice among operators that take the same operands.

    Args:
        operators: Option -> operator, which keeps the literals; or operators side by side (for
            instance the p-value and the statistic of a test), which have their own. None stands
            where an option has no such operator.
        under: Operators whose operand it must be; none if it may stand anywhere.
    """
    calls = {o: (Call(v),) if isinstance(v, str) else tuple(v) for o, v in operators.items()}
    keeps = all(isinstance(value, str) for value in operators.values())
    places = {
        found.op: (option, place)
        for option, found_calls in calls.items()
        for place, found in enumerate(found_calls)
        if found is not None
    }

    def swapped(part: Expression, option: str) -> Expression:
        wanted = calls[option][places[part.op][1]]
        if wanted is None or places[part.op][0] == option:
            return part
        literals = part.parameters if keeps else wanted.parameters
        return Expression(op=wanted.op, inputs=part.inputs, parameters=literals)

    def name_of(part: Expression) -> str | None:
        return places[part.op][0] if part.op in places else None

    if not under:
        return _of_parts(name_of, swapped, lambda e: not e.operators.isdisjoint(places))
    return _of_parts(
        lambda part: name_of(part.inputs[0]) if part.op in under else None,
        lambda part, option: part.using(swapped(part.inputs[0], option), *part.inputs[1:]),
        lambda expression: not expression.operators.isdisjoint(under),
    )


def everywhere(expression: Expression, turn: Callable[[Expression], Expression]) -> Expression:
    """Return a program with every operation turned, operands before what reads them."""
    inputs = tuple(everywhere(operand, turn) for operand in expression.inputs)
    same = all(new is old for new, old in zip(inputs, expression.inputs, strict=True))
    return turn(expression if same else expression.using(*inputs))


ABOUT_EMPTY = frozenset({"empty_rows", "incomplete_rows"})
"""Operators that ask for empty cells: nobody leaves such rows out of a question for them."""

ONE_CELL = frozenset({"value_of_row", "label_of_row"})
"""Operators that read one cell of a named row: the other cells say nothing about it."""


def nulls() -> Axis:
    """Make the axis of empty cells: of programs that read a column of a table that has some.

    It does not concern a question for empty cells, nor one for a single cell of a named row.
    """

    def taken(expression: Expression, sheet: Sheet) -> frozenset[str]:
        if not any(column.nulls for column in sheet.columns):
            return frozenset()
        parts = expression.parts()
        if any(part.op in ABOUT_EMPTY for part in parts):
            return frozenset()
        if all(part.op in ONE_CELL for part in parts if columns_of(part.parameters)):
            return frozenset()
        complete = any(part.op == "complete_rows" for part in parts)
        return frozenset({COMPLETE if complete else CELLS})

    whole = call("complete_rows", TABLE)

    def turn(part: Expression, option: str) -> Expression:
        if option == COMPLETE:
            return whole if part.op == "table" else part
        if part.op == "complete_rows":
            return part.inputs[0]
        if option == ZERO and part.op == "mean" and part.inputs[0].op == "column":
            values = part.inputs[0]
            return call("ratio", call("sum", values), call("count", values.inputs[0]))
        return part

    return taken, lambda expression, option: everywhere(expression, lambda p: turn(p, option))


def denominator() -> Axis:
    """Make the axis of what a percentage of a category with empty cells is of."""

    def taken(expression: Expression, sheet: Sheet) -> frozenset[str]:
        names = set()
        for part in expression.parts() if "share" in expression.operators else ():
            chosen = _chosen(part)
            if chosen is not None and sheet.column(str(chosen.parameters["column"])).nulls:
                names.add(KNOWN if part.inputs[1].inputs[0].op == "not_null" else ALL)
        return frozenset(names)

    def turn(part: Expression, option: str) -> Expression:
        chosen = _chosen(part)
        if chosen is None:
            return part
        rows, column = chosen.inputs[0], chosen.parameters["column"]
        whole = rows if option == ALL else call("not_null", rows, column=column)
        return part.using(part.inputs[0], call("count", whole))

    return taken, lambda expression, option: everywhere(expression, lambda p: turn(p, option))


def weighting() -> Axis:
    """Make the axis of a mean over groups: of their means, or of all their rows."""

    def named(part: Expression) -> str | None:
        over_means = part.op == "groups_mean" and part.inputs[0].op == "group_mean"
        return GROUPS if over_means else None

    def turn(part: Expression, option: str) -> Expression:
        means = part.inputs[0]
        if option == GROUPS:
            return part
        rows = call("not_null", means.inputs[0], column=means.parameters["by"])
        return call("mean", call("column", rows, column=means.parameters["column"]))

    return _of_parts(named, turn, lambda expression: "groups_mean" in expression.operators)


def periods() -> Axis:
    """Make the axis of periods without rows: of what reads a series of counts or sums."""
    series = frozenset({"series_count", "series_sum"})

    def unfilled(part: Expression) -> bool:
        return part.op in series

    def taken(expression: Expression, _: Sheet) -> frozenset[str]:
        if series.isdisjoint(expression.operators):
            return frozenset()
        parts = expression.parts()
        filled = {p.inputs[0].canonical for p in parts if p.op == "fill_periods"}
        return frozenset(
            FILLED if p.canonical in filled else LEFT_OUT for p in parts if unfilled(p)
        )

    def turn(expression: Expression, option: str) -> Expression:
        plain = everywhere(expression, lambda p: p.inputs[0] if p.op == "fill_periods" else p)
        if option == LEFT_OUT:
            return plain
        return everywhere(plain, lambda p: call("fill_periods", p) if unfilled(p) else p)

    return taken, turn


def _chosen(part: Expression) -> Expression | None:
    """Return the equality filter of whose rows ``part`` is the percentage, or None."""
    if part.op != "share" or part.inputs[0].op != "count":
        return None
    chosen, whole = part.inputs[0].inputs[0], part.inputs[1]
    if chosen.op != "filter_equal" or whole.op != "count":
        return None
    rows = whole.inputs[0]
    below = rows.inputs[0] if rows.op == "not_null" else rows
    return chosen if below.canonical == chosen.inputs[0].canonical else None


def _of_parts(
    named: Callable[[Expression], str | None],
    turn: Callable[[Expression, str], Expression],
    concerns: Callable[[Expression], bool],
) -> Axis:
    """Make an axis of what single operations have taken; all of a program are turned alike.

    Args:
        named: The option that an operation has taken, or None.
        turn: An operation under an option.
        concerns: False for programs that have no such operation; true for others and for some of
            these. It spares most programs the look at their parts.
    """

    def taken(expression: Expression, _: Sheet) -> frozenset[str]:
        if not concerns(expression):
            return frozenset()
        return frozenset(name for part in expression.parts() if (name := named(part)) is not None)

    def turned(expression: Expression, option: str) -> Expression:
        return everywhere(expression, lambda part: turn(part, option) if named(part) else part)

    return taken, turned
