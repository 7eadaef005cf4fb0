"""The convention of groups that a filter empties: left out, or counted as 0.

Of groups of the whole table there is no doubt: a value that stands in no row is no group. Over
some of its rows "the smallest number of rows per kind" may be that of the kinds that are left, as
pandas and SQL have it, or 0, that of a kind which the filter took away. A mean or a median of no
rows is nothing, so that such groups can only be left out.
"""

from __future__ import annotations

from tracemill_datagen.convention.axis import Taken, Turned
from tracemill_datagen.convention.turning import everywhere
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.table.sheet import Sheet

NO_GROUP, AS_ZERO = "groups without rows left out", "groups without rows as 0"

COUNTED = frozenset(
    {"group_count", "group_sum", "group_distinct", "group_share", "part_count", "part_sum"}
)
"""Numbers of groups that are 0 where a group has no rows."""


def groups() -> tuple[Taken, Turned]:
    """Make the axis of groups without rows: of what is counted or summed over some rows."""

    def emptied(part: Expression) -> bool:
        return part.op in COUNTED and part.inputs[0].op != "table"

    def taken(expression: Expression, _: Sheet) -> frozenset[str]:
        parts = expression.parts()
        filled = {part.inputs[0].canonical for part in parts if part.op == "fill_groups"}
        return frozenset(
            AS_ZERO if part.canonical in filled else NO_GROUP for part in parts if emptied(part)
        )

    def turn(expression: Expression, option: str) -> Expression:
        plain = everywhere(expression, lambda p: p.inputs[0] if p.op == "fill_groups" else p)
        if option == NO_GROUP:
            return plain
        return everywhere(plain, lambda p: call("fill_groups", p, _whole(p)) if emptied(p) else p)

    return taken, turn


def _whole(part: Expression) -> Expression:
    """Return the groups of the whole table that ``part`` has some of."""
    op = "part_count" if "part" in part.parameters else "group_count"
    cut = {key: part.parameters[key] for key in ("by", "part") if key in part.parameters}
    return call(op, TABLE, **cut)
