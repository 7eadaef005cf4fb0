"""The facts of a column and of a table that questions ask before they ask anything else.

Each is defined by its field in ``tracemill_schema.table``. Cells without a value count nowhere.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from tracemill_datagen.table.identifier import identified_by
from tracemill_datagen.table.notation import is_number
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.unit import is_quantity, orders_rows
from tracemill_schema.table import ColumnFacts, GroupSizes, Order, TableFacts

QUANTITIES = frozenset({"integer", "number"})
UNGROUPED = frozenset({"number", "datetime"})
"""Kinds whose equal values are chance or repetition in time, and no groups."""

TEXTS = frozenset({"category", "text", "identifier"})
"""Kinds whose cells may be texts that somebody else takes for numbers."""

MAX_PAIRED = 8
"""Columns that are paired to find a key: 28 pairs of 20,000 rows are hashed in a tenth of a
second."""

_ORDERS: tuple[tuple[Order, Callable[[Any, Any], Any]], ...] = (
    ("constant", operator.eq),
    ("strictly increasing", operator.lt),
    ("increasing", operator.le),
    ("strictly decreasing", operator.gt),
    ("decreasing", operator.ge),
)
"""Asked in this order: the first that holds for every pair of neighbours."""


def column_facts(column: SheetColumn) -> ColumnFacts:
    """Return the facts of one column."""
    counts = Counter(column.present)
    quantity, dated = column.kind in QUANTITIES, column.kind == "datetime"
    ends: tuple[Any, ...] = _ends(counts) if (quantity or dated) and counts else ()
    return ColumnFacts(
        ties=sum(count for count in counts.values() if count > 1),
        groups=_group_sizes(counts.values()) if column.kind not in UNGROUPED else None,
        order=order_of(column.present),
        minimum=ends[0] if ends else None,
        maximum=ends[1] if ends else None,
        mean=_mean(column.present) if ends and quantity and is_quantity(column.name) else None,
        number_like=_number_like(counts) if column.kind in TEXTS and not column.numeric else 0,
        identified_by=(
            identified_by(column.name, column.values) if column.kind == "identifier" else None
        ),
    )


def table_facts(sheet: Sheet) -> TableFacts:
    """Return the facts of a table."""
    rows = set(zip(*(column.values for column in sheet.columns), strict=True))
    return TableFacts(
        duplicate_rows=sheet.rows - len(rows),
        keys=candidate_keys(sheet),
        notes=sheet.notes,
    )


def order_of(values: Sequence[int | float | str]) -> Order | None:
    """Return how values follow each other; None without any, ``constant`` for a single one."""
    if not values:
        return None
    following = values[1:]
    for order, holds in _ORDERS:
        if all(map(holds, values, following)):
            return order
    return "unordered"


def candidate_keys(sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    """Return the columns that tell every row apart: single ones, or else pairs.

    Quantities are left out: that no two rows have the same is chance. A key of one row says
    nothing, so that a table of one row has none.
    """
    usable = [column for column in sheet.columns if _may_be_key(column)] if sheet.rows > 1 else []
    single = tuple((c.name,) for c in usable if len(c.distinct) == sheet.rows)
    if single:
        return single
    return tuple(
        (one.name, two.name)
        for one, two in itertools.combinations(usable[:MAX_PAIRED], 2)
        if len(one.distinct) * len(two.distinct) >= sheet.rows
        and len(set(zip(one.values, two.values, strict=True))) == sheet.rows
    )


def _may_be_key(column: SheetColumn) -> bool:
    return not column.nulls and (column.kind not in QUANTITIES or orders_rows(column.name))


def _group_sizes(counts: Iterable[int]) -> GroupSizes | None:
    sizes = sorted(counts)
    if not sizes:
        return None
    median = sizes[(len(sizes) - 1) // 2]
    return GroupSizes(smallest=sizes[0], median=median, largest=sizes[-1])


def _ends(values: Collection[Any]) -> tuple[Any, Any]:
    """Return the least and the greatest of values of one type."""
    return min(values), max(values)


def _mean(values: Sequence[int | float | str]) -> float | None:
    numbers = [value for value in values if not isinstance(value, str)]
    try:
        return math.fsum(numbers) / len(numbers)
    except OverflowError:
        return None


def _number_like(counts: Counter[int | float | str]) -> int:
    return sum(count for text, count in counts.items() if is_number(str(text)))
