"""Checks that a program asks for something: told from the program and the columns' roles alone.

not_additive        a sum, or a share of one, of what does not add up: prices, temperatures, ages
no_true_zero        a ratio, a percentage change or a coefficient of variation on a scale whose zero
                    is a convention, or below zero
no_total            a share of a total of what has none, as the groups' means
filtered_on_itself  a column measured on rows that a condition on the same column has chosen: the
                    smallest of those above 5; means and sums of those on one side are asked for
narrowed_twice      two conditions of one column, one after the other, where one would do
partly_complete     rows without any empty cell in one part of the question and others in another:
                    the words that say what becomes of empty cells would be true of one part only
unlike_rows         a comparison of rows that each side has chosen by its own mean, extremes or
                    empty cells: a percentage of rows that are no part of the whole
trivial_branch      a decision that may fall to all rows or to their bare number
unlike_branches     a decision between numbers of two columns, or between a value and a deviation
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.grammar.sense import MEANT, UNREAD, is_meant
from tracemill_datagen.program.operator import COLUMN_KEYS
from tracemill_datagen.table.role import Roles

_COMPARED = frozenset({"difference", "ratio", "share"})
_SUMS = frozenset({"sum", "group_sum", "part_sum", "series_sum"})
_PROPORTIONAL = frozenset({"ratio", "percent_change", "growth_period", "variation"})
_LEVELS = frozenset({
    "mean", "median", "min", "max", "quantile", "group_mean", "group_median", "group_max",
    "group_min", "series_mean", "series_max", "part_mean",
})  # fmt: skip
"""Numbers in the unit of a column, with the place of its zero. Deviations have no place."""

_SIDES = frozenset({
    "filter_greater", "filter_less", "filter_at_least", "filter_at_most", "filter_after",
    "filter_before",
})  # fmt: skip
"""Conditions that leave one side of a column open."""

_BOUNDS = frozenset({
    "filter_above", "filter_between", "top_rows", "bottom_rows", "outlier_rows", "z_outlier_rows",
    "inlier_rows", "z_inlier_rows",
})  # fmt: skip
"""Selections by the size of a column's own cells, other than ``_SIDES``."""

_CHOICES = frozenset({"filter_equal", "filter_in", "filter_starts", "filter_contains"})
"""Conditions that leave few values of a column."""

_ON_ONE_SIDE = frozenset({"mean", "sum", "group_sum", "series_sum"})
"""What is asked of the cells on one side: the mean delay of those who came late."""

_ENDS = frozenset({
    "first_date", "last_date", "name_at_top", "name_at_bottom", "value_at_top", "value_at_bottom",
    "label_at_top", "label_at_bottom", "top_names", "bottom_names",
})  # fmt: skip
"""Operators that read an end of the column ``by``."""

_VALUES = frozenset({"mean", "median", "min", "max", "quantile", "kth_largest", "kth_smallest"})
"""Values of one column that may stand for each other."""

_READERS = frozenset({"column", "labels"})

_SELECTING = frozenset(op.name for op in OPERATORS if op.selects)

_DECIDING = frozenset(op.name for op in OPERATORS if op.decides)

_DEPENDING = UNREAD | {op.name for op in OPERATORS if op.selects and not op.commutes}
"""Selections of which rows depend on the other rows, or on empty cells."""

_BARE = (TABLE.canonical, call("count", TABLE).canonical)


def is_meaningful(expression: Expression, roles: Roles) -> bool:
    """Tell whether ``check_meaning`` passes a program."""
    try:
        check_meaning(expression, roles)
    except Rejected:
        return False
    return True


def check_meaning(expression: Expression, roles: Roles) -> None:
    """Check that a program's operators mean something on the columns that they read.

    Raises:
        Rejected: with one of the reasons above.
    """
    # Parts that stand twice are checked twice: to tell that they are the same would cost more.
    parts = expression.walk()
    if any(part.op == "complete_rows" for part in parts):
        _check_complete(parts)
    for part in parts:
        op = part.op
        if op in _SUMS or op in _PROPORTIONAL:
            _check_roles(part, roles)
        if op in MEANT:
            _check_total(part)
        if op in _SELECTING:
            _check_narrowed(part)
        elif op not in _READERS:
            _check_measured(part)
        if op in _DECIDING:
            _check_branches(part)
        if op in _COMPARED and any(each.op in _DEPENDING for each in part.walk()):
            raise Rejected("unlike_rows", part.inputs[0].op)


def _check_complete(parts: Sequence[Expression]) -> None:
    for part in parts:
        if len({"complete_rows" in operand.operators for operand in part.inputs}) > 1:
            raise Rejected("partly_complete", part.op)


def _check_roles(part: Expression, roles: Roles) -> None:
    if part.op in _SUMS:
        additive = {column.name for column in roles.additive}
        for column in _columns(part):
            if column not in additive:
                raise Rejected("not_additive", column)
    if part.op in _PROPORTIONAL:
        proportional = {column.name for column in roles.proportional}
        for column in _levels(part):
            if column not in proportional:
                raise Rejected("no_true_zero", column)


def _check_branches(part: Expression) -> None:
    _, first, second = part.inputs
    if first.canonical in _BARE or second.canonical in _BARE:
        raise Rejected("trivial_branch", part.op)
    if _sort(first) != _sort(second):
        raise Rejected("unlike_branches", part.op)


def _sort(branch: Expression) -> tuple[str, ...]:
    """Tell of what a decision's branch is: its operator, all levels alike, and its columns."""
    if branch.operator.output == "rows":
        return ()
    if branch.operator.decides:
        return _sort(branch.inputs[1])
    read = branch.inputs[0] if branch.inputs and branch.inputs[0].op in _READERS else branch
    named = sorted({str(read.parameters[key]) for key in COLUMN_KEYS if key in read.parameters})
    return ("level" if branch.op in _VALUES else branch.op, *named)


def _columns(part: Expression) -> Iterator[str]:
    """Yield the columns that a number is measured in, those of a decision's branches all."""
    if "column" in part.parameters:
        yield str(part.parameters["column"])
        return
    for operand in part.inputs[part.operator.decides :]:
        yield from _columns(operand)


def _levels(part: Expression) -> Iterator[str]:
    """Yield the columns whose zero a ratio or percentage of some operands starts from."""
    if part.op in _LEVELS or part.op == "variation":
        yield from _columns(part)
        return
    for operand in part.inputs[part.operator.decides :]:
        yield from _levels(operand)


def _check_total(part: Expression) -> None:
    for operand in part.inputs:
        branches = operand.inputs[1:] if operand.operator.decides else (operand,)
        for branch in branches:
            if not branch.operator.decides and not is_meant(part.op, branch.op):
                raise Rejected("no_total", f"{part.op} of {branch.op}")


def _selections(rows: Expression) -> Iterator[Expression]:
    """Yield the selections that rows have gone through, the last one first."""
    while rows.inputs and rows.operator.output == "rows" and not rows.operator.decides:
        yield rows
        rows = rows.inputs[0]


def _check_narrowed(part: Expression) -> None:
    column = part.parameters.get("column")
    if column is None or part.op not in _SIDES | _BOUNDS:
        return
    for below in _selections(part.inputs[0]):
        if below.parameters.get("column") == column and below.op in _SIDES | _BOUNDS:
            raise Rejected("narrowed_twice", str(column))


def _check_measured(part: Expression) -> None:
    """Check a part that reads a column of some rows, or measures one that its operand reads."""
    read = part.inputs[0] if part.inputs and part.inputs[0].op in _READERS else part
    keys = ("by", "column") if part.op in _ENDS else ("column", "x", "y")
    names = {str(read.parameters[key]) for key in keys if key in read.parameters}
    if not names or not read.inputs or read.inputs[0].operator.output != "rows":
        return
    for selection in _selections(read.inputs[0]):
        if selection.parameters.get("column") not in names:
            continue
        if selection.op == "not_null":
            raise Rejected("dead_filter", selection.op)
        on_one_side = selection.op in _SIDES and part.op in _ON_ONE_SIDE
        if selection.op in _SIDES | _BOUNDS | _CHOICES and not on_one_side:
            raise Rejected("filtered_on_itself", f"{part.op} after {selection.op}")
