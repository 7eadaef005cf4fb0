"""The typed grammar: draws programs of bounded depth with all columns and literals bound.

A program is derived from the type of its answer downwards. Binary operators do not combine two
unrelated programs: the second operand is the first under another condition, so that a difference
compares like with like and a share is a part of its whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.datum import VALUE_TYPES, ValueType
from tracemill_datagen.program.draft import TABLE, Expression
from tracemill_datagen.program.operator import Operator
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

MAX_DEPTH = 4
TRIES = 12
"""Draws per position before a derivation gives up."""

ANSWERS: tuple[tuple[ValueType, int], ...] = (("number", 7), ("label", 2), ("list", 1))
"""Types of answers and how often each is drawn."""

_LEVELS = frozenset(
    {"count", "sum", "mean", "median", "min", "max", "std", "quantile", "distinct_count"}
)
COMPARED: Mapping[str, frozenset[str]] = {
    "difference": _LEVELS | {"correlation", "rank_correlation", "share", "groups_max"},
    "ratio": _LEVELS,
    "share": frozenset({"count", "sum"}),
}
"""What each comparison may compare; a ratio of correlations or of ratios says nothing."""

_PAIRED = ("number", "number")

BY_OUTPUT: Mapping[ValueType, tuple[Operator, ...]] = {
    output: tuple(operator for operator in OPERATORS if operator.output == output)
    for output in VALUE_TYPES
}


def derive(sheet: Sheet, roles: Roles, rng: Random) -> Expression:
    """Draw one program; the same arguments give the same program.

    Raises:
        Rejected: ``not_applicable`` if the draw does not fit the table.
    """
    lists = roles.groups or (roles.keys and roles.measures)
    possible = {"number": True, "label": bool(roles.groups), "list": bool(lists)}
    answers = [kind for kind, weight in ANSWERS if possible[kind] for _ in range(weight)]
    depth = rng.choice((2, 3, 3, 4, MAX_DEPTH))
    return _Derivation(sheet, roles, rng).of(rng.choice(answers), depth)


class _Derivation:
    def __init__(self, sheet: Sheet, roles: Roles, rng: Random) -> None:
        self._sheet = sheet
        self._roles = roles
        self._rng = rng

    def of(self, wanted: ValueType, depth: int) -> Expression:
        """Draw an expression of a type with at most ``depth`` operators on a path."""
        if wanted == "rows" and (depth <= 0 or self._rng.random() < 0.2):
            return TABLE
        operators = [
            operator
            for operator in BY_OUTPUT[wanted]
            if operator.name != "table"
            and _cost(operator) <= depth
            and (self._roles.groups or operator.inputs not in {_PAIRED, ("groups",), ("labels",)})
        ]
        for _ in range(TRIES):
            operator = self._rng.choice(_weighted(operators))
            parameters = operator.bind(self._roles, self._rng)
            if parameters is not None:
                return self._applied(operator, parameters, depth)
        if wanted == "rows":
            return TABLE
        raise Rejected("not_applicable", f"no {wanted} of depth {depth}")

    def _applied(
        self, operator: Operator, parameters: Mapping[str, object], depth: int
    ) -> Expression:
        below = depth - (operator.name not in {"column", "labels"})
        if operator.inputs == _PAIRED:
            inputs = self._compared(operator.name, below)
        elif operator.name == "filter_above":
            inputs = self._threshold(str(parameters["column"]), below)
        else:
            inputs = tuple(self.of(kind, below) for kind in operator.inputs)
        bound = {k: v for k, v in parameters.items() if isinstance(v, str | int | float)}
        return Expression(op=operator.name, inputs=inputs, parameters=bound)

    def _threshold(self, column: str, depth: int) -> tuple[Expression, ...]:
        rows = self.of("rows", depth - 1)
        values = Expression(op="column", inputs=(rows,), parameters={"column": column})
        middle = self._rng.choice(("mean", "median"))
        return rows, Expression(op=middle, inputs=(values,), parameters={})

    def _compared(self, name: str, depth: int) -> tuple[Expression, ...]:
        for _ in range(TRIES):
            left = self.of("number", depth)
            equals = [part for part in left.parts() if part.op == "filter_equal"]
            if not equals or left.op not in COMPARED[name]:
                continue
            chosen = self._rng.choice(equals)
            other = chosen.inputs[0] if name == "share" else self._contrast(chosen)
            return left, _replaced(left, chosen, other)
        raise Rejected("not_applicable", f"no two programs to compare by {name}")

    def _contrast(self, chosen: Expression) -> Expression:
        """Return the same filter with another of the column's values."""
        values = self._sheet.column(str(chosen.parameters["column"])).distinct
        others = [value for value in values if value != chosen.parameters["value"]]
        return Expression(
            op=chosen.op,
            inputs=chosen.inputs,
            parameters={**chosen.parameters, "value": self._rng.choice(others)},
        )


def _cost(operator: Operator) -> int:
    """Return the least depth that an operator needs."""
    if operator.inputs == _PAIRED:
        return 3
    if operator.name == "filter_above" or operator.inputs == ("groups",):
        return 2
    return 0 if operator.name in {"column", "labels"} else 1


def _weighted(operators: Sequence[Operator]) -> list[Operator]:
    """Return operators with equality filters, which comparisons need, three times as likely."""
    extra = [o for o in operators if o.name == "filter_equal"]
    return [*operators, *extra, *extra]


def _replaced(whole: Expression, old: Expression, new: Expression) -> Expression:
    if whole.canonical == old.canonical:
        return new
    inputs = tuple(_replaced(operand, old, new) for operand in whole.inputs)
    unchanged = all(now is before for now, before in zip(inputs, whole.inputs, strict=True))
    return whole if unchanged else whole.using(*inputs)
