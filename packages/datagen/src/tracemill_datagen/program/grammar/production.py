"""The rules of the grammar: which operators may stand over which, counted by depth and size.

A symbol is a type of value (``number``), an operator (``mean``), ``filters`` (a set of commuting
selections, whatever their order), ``unfiltered`` (rows that do not end in such a set) or ``last``
(rows that only a column is read of, or that are counted). A key is a
symbol with a depth and a size; its rules are the ways to build it from smaller keys:

    apply     an operator over operands of its types
    filters   a set of up to 3 mild selections of different columns over unfiltered rows; over the
              table itself a single one of any strength is applied
    above     a selection against the mean or median of its own column on the same rows
    contrast  two operands that differ in one equality filter at the bottom: like with like
    part      a number under an equality filter, and the same without it: a part of its whole
    limit     a number of one column, or a count, against a literal from the column's own middle
    measured  a number of one column whose role fits the operator (``sense.py``): no sum of prices
    choice    a flag that selects one of two operands: a decision

Depth counts the operators on the longest path and size all of them; reading the table, a column or
labels counts for neither. Decisions counts the choices: at most two, of which the second stands in
the first branch or over the first, never in a flag or in a comparison. The keys depend on the names
of the usable operators only, so that they are made once and shared by tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.grammar.sense import MEASURED, is_meant
from tracemill_datagen.program.operator import Operator

MAX_DEPTH = 8
MAX_SIZE = 12
MAX_SET = 3
"""Selections in one set; a fourth leaves hardly any row of a usual table."""

MAX_DECISIONS = 2
MAX_FLAG_DEPTH = 4
MAX_OTHER_DEPTH = 3
"""Depth of a decision's second branch, and of the further operands of any operator."""

FREE = frozenset({"table", "column", "labels"})
"""Operators that count neither for depth nor for size."""

MIDDLES = ("mean", "median")

_LEVELS = frozenset(
    {"count", "sum", "mean", "median", "min", "max", "std", "quantile", "distinct_count"}
)
COMPARED: Mapping[str, frozenset[str]] = {
    "difference": _LEVELS | {"correlation", "rank_correlation", "share", "groups_max"},
    "ratio": _LEVELS,
    "share": frozenset({"count", "sum"}),
}
"""What each comparison of numbers may compare; a ratio of correlations says nothing. Others, such
as ``is_greater``, compare levels."""

LIMITED = frozenset({"count", "mean", "median", "quantile"})
"""Numbers that are compared with a literal: a person would know a sensible one, and other data
would turn the comparison."""

LAST = frozenset({
    "top_rows", "bottom_rows", "outlier_rows", "z_outlier_rows", "inlier_rows", "z_inlier_rows",
    "empty_rows", "incomplete_rows", "largest_group", "other_groups",
})  # fmt: skip
"""Selections after which a column is read or rows are counted, and nothing else is done: they leave
few rows, or nothing that the same selection would take a second time."""

STEADY_DEPTH = 3
STEADY = frozenset({
    "min", "max", "kth_largest", "kth_smallest", "value_range", "distinct_count", "mode",
    "value_at_top", "value_at_bottom", "label_at_top", "label_at_bottom", "name_at_top",
    "name_at_bottom", "top_names", "bottom_names", "most_common_pair", "argmax_group",
    "argmin_group", "top_groups", "second_group", "groups_min", "groups_max", "period_count",
    "peak_period", "low_period", "rise_period", "fall_period", "growth_period", "rolling_peak",
    "first_date", "last_date", "gap_end", "longest_gap", "date_span",
})  # fmt: skip
"""Answers that seldom change when one of many selections is dropped: their depth is at most
``STEADY_DEPTH``, but for what a decision or a comparison adds."""

_TABLE = ("rows", 0, 0, 0)
_ROWS = ("count", 1, 1, 0)
"""The number of all rows, which no data could turn."""

Form = Literal["apply", "filters", "above", "contrast", "part", "limit", "choice", "measured"]
Key = tuple[str, int, int, int]
"""(symbol, depth, size, decisions)"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to build a key.

    Attributes:
        form: See the module's list.
        op: The operator, or for ``filters`` that word.
        detail: For ``above`` the middle that is compared with, for ``measured`` the column's role,
            else nothing.
        width: For ``filters`` how many selections, else 0.
        below: Keys of the operands.
    """

    form: Form
    op: str
    below: tuple[Key, ...]
    detail: str = ""
    width: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of some usable operators.

    Attributes:
        of_operator: Operator keys with their rules.
        of_type: Type keys (and ``unfiltered``) with the operator keys that they stand for.
    """

    of_operator: Mapping[Key, tuple[Rule, ...]]
    of_type: Mapping[Key, tuple[Key, ...]]


@lru_cache(maxsize=64)
def rules_of(usable: frozenset[str]) -> Rules:
    """Return the rules for some operators.

    Args:
        usable: Names of the operators that have literals on the table, and of the roles in
            ``sense.MEASURED`` that some of its columns have.
    """
    operators = tuple(op for op in BY_NAME.values() if op.name in usable)
    made = _Made(operators, roles=usable.intersection(MEASURED.values()))
    for depth in range(MAX_DEPTH + 1):
        for size in range(depth, MAX_SIZE + 1):
            for decisions in range(MAX_DECISIONS + 1):
                made.add(depth, size, decisions)
    return Rules(
        of_operator={key: tuple(rules) for key, rules in made.of_operator.items()},
        of_type={key: tuple(keys) for key, keys in made.of_type.items()},
    )


class _Made:
    def __init__(self, operators: tuple[Operator, ...], roles: frozenset[str]) -> None:
        self._roles = roles
        self._names = frozenset(operator.name for operator in operators)
        self._selections = [op for op in operators if op.commutes and op.name not in LAST]
        # Rows come first and columns of them second: both may stand at the depth of their operand.
        rows = [op for op in operators if op.output == "rows" and op not in self._selections]
        free = [op for op in operators if op.name in FREE and op.output != "rows"]
        taken = {op.name for op in (*self._selections, *rows, *free)}
        self._rows = rows
        self._others = [*free, *(op for op in operators if op.name not in taken)]
        self.of_operator: dict[Key, list[Rule]] = {}
        self.of_type: dict[Key, list[Key]] = {}
        self._by_symbol: dict[str, list[Key]] = {}

    def add(self, depth: int, size: int, decisions: int) -> None:
        """Add all keys of a depth, size and number of decisions, after all smaller ones."""
        at = (depth, size, decisions)
        for operator in self._rows:
            self._put(operator, at)
        self._filters(at)
        for operator in self._others:
            self._put(operator, at)

    def _put(self, operator: Operator, at: tuple[int, int, int]) -> None:
        rules = list(self._rules(operator, *at))
        if not rules:
            return
        key = (operator.name, *at)
        self.of_operator[key] = rules
        if operator.name in LAST:
            self._stands_for("last", key)
            return
        self._stands_for(operator.output, key)
        if operator.output == "rows":
            self._stands_for("unfiltered", key)

    def _stands_for(self, symbol: str, key: Key) -> None:
        of_type = (symbol, *key[1:])
        if of_type not in self.of_type:
            self.of_type[of_type] = []
            self._by_symbol.setdefault(symbol, []).append(of_type)
        self.of_type[of_type].append(key)

    def _filters(self, at: tuple[int, int, int]) -> None:
        depth, size, decisions = at
        rules: list[Rule] = []
        for width in range(1, MAX_SET + 1):
            below = ("unfiltered", depth - width, size - width, decisions)
            if below not in self.of_type:
                continue
            if width == 1 and depth == 1:
                rules += [Rule("apply", op.name, (below,)) for op in self._selections]
            elif self._selections:
                rules.append(Rule("filters", "filters", (below,), width=width))
        if rules:
            key = ("filters", *at)
            self.of_operator[key] = rules
            self._stands_for("rows", key)

    def _rules(self, operator: Operator, depth: int, size: int, decisions: int) -> Iterator[Rule]:
        kinds = operator.inputs
        if operator.name in FREE:
            yield from self._free(operator, (depth, size, decisions))
        elif depth < 1 or size < 1 or (operator.name in STEADY and depth > STEADY_DEPTH):
            return
        elif operator.decides:
            yield from self._choices(operator, depth, size, decisions)
        elif len(kinds) == 1:
            yield from self._unary(operator, (depth - 1, size - 1, decisions))
        elif kinds == ("rows", "number"):
            yield from self._above(operator, (depth - 2, size - 2, decisions))
        elif len(kinds) == 2 and kinds[0] == kinds[1]:
            if not decisions:
                yield from self._compared(operator, depth, size)
        else:
            yield from self._mixed(operator, depth, size, decisions)

    def _free(self, operator: Operator, at: tuple[int, int, int]) -> Iterator[Rule]:
        if not operator.inputs and at == (0, 0, 0):
            yield Rule("apply", operator.name, ())
        for kind in operator.inputs:
            symbols = (kind, "last") if operator.name == "column" else (kind,)
            keys = (key for symbol in symbols for key in self._meant(operator, (symbol, *at)))
            yield from (Rule("apply", operator.name, (key,)) for key in keys)

    def _meant(self, operator: Operator, key: Key) -> tuple[Key, ...]:
        """Return a type key if an operator may stand over all that it stands for, else those."""
        found = self.of_type.get(key, [])
        kept = tuple(each for each in found if is_meant(operator.name, each[0]))
        return (key,) if kept and len(kept) == len(found) else kept

    def _unary(self, operator: Operator, below: tuple[int, int, int]) -> Iterator[Rule]:
        name, (kind,) = operator.name, operator.inputs
        if kind == "number" and operator.output == "flag":
            if not below[2]:
                found = self.of_type.get((kind, *below), ())
                limited = (key for key in found if key[0] in LIMITED and key != _ROWS)
                yield from (Rule("limit", name, (key,)) for key in limited)
            return
        symbols = (kind, "last") if name == "count" else (kind,)
        role = MEASURED.get(name)
        if role in self._roles:
            rows = (("rows", *below), ("last", *below))
            keys = (key for each in rows for key in self._meant(BY_NAME["column"], each))
            yield from (Rule("measured", name, (key,), role) for key in keys)
        if role is not None and role != "scales":
            return
        keys = (key for symbol in symbols for key in self._meant(operator, (symbol, *below)))
        yield from (Rule("apply", name, (key,)) for key in keys)

    def _above(self, operator: Operator, below: tuple[int, int, int]) -> Iterator[Rule]:
        key = ("rows", *below)
        if key in self.of_type and "column" in self._names:
            found = (middle for middle in MIDDLES if middle in self._names)
            yield from (Rule("above", operator.name, (key,), middle) for middle in found)

    def _mixed(self, operator: Operator, depth: int, size: int, decisions: int) -> Iterator[Rule]:
        """Yield rules for operands of different types: a decision may stand in the first only."""
        others = len(operator.inputs) - 1
        limits = (MAX_DEPTH, *[MAX_OTHER_DEPTH] * others)
        most = (decisions, *[0] * others)
        for keys in self._operands(operator.inputs, limits, most, depth, size):
            if keys[0][3] == decisions:
                yield Rule("apply", operator.name, keys)

    def _choices(self, operator: Operator, depth: int, size: int, decisions: int) -> Iterator[Rule]:
        limits = (MAX_FLAG_DEPTH, MAX_DEPTH, MAX_OTHER_DEPTH)
        most = (0, decisions - 1, 0)
        for keys in self._operands(operator.inputs, limits, most, depth, size):
            if keys[1][3] == decisions - 1 and _TABLE not in keys[1:]:
                pairs = self._alike(operator, keys[1], keys[2])
                yield from (Rule("choice", operator.name, (keys[0], *pair)) for pair in pairs)

    def _alike(self, operator: Operator, first: Key, second: Key) -> Iterator[tuple[Key, Key]]:
        """Yield the branches of a decision that may stand for each other: of one operator."""
        if operator.output == "rows":
            yield first, second
            return
        for one in self.of_type.get(first, ()):
            for other in self.of_type.get(second, ()):
                if one[0] == other[0] or one[0] == operator.name:
                    yield one, other

    def _compared(self, operator: Operator, depth: int, size: int) -> Iterator[Rule]:
        name, kind = operator.name, operator.inputs[0]
        if "filter_equal" not in self._names:
            return
        form: Form = "part" if name == "share" else "contrast"
        twice, odd = divmod(size - 2 if form == "part" else size - 3, 2)
        if odd or twice < 0:
            return
        allowed = COMPARED.get(name, _LEVELS) if kind == "number" else None
        for key in self.of_type.get((kind, depth - 2, twice, 0), ()):
            if allowed is None or key[0] in allowed:
                yield Rule(form, name, (key,))

    def _operands(
        self,
        kinds: tuple[str, ...],
        limits: tuple[int, ...],
        most: tuple[int, ...],
        depth: int,
        size: int,
    ) -> Iterator[tuple[Key, ...]]:
        """Yield operand keys of which the deepest has ``depth - 1`` and all have ``size - 1``."""
        columns = [
            [
                key
                for key in self._by_symbol.get(kind, ())
                if key[1] <= min(limit, depth - 1) and key[2] < size and key[3] <= decisions
            ]
            for kind, limit, decisions in zip(kinds, limits, most, strict=True)
        ]
        for keys in product(*columns):
            if max(k[1] for k in keys) == depth - 1 and sum(k[2] for k in keys) == size - 1:
                yield keys
