"""The columns and literals that shapes may take on one table, counted and indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import bindings_of
from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.datum import Rows, rows_in
from tracemill_datagen.program.draft import TABLE, Expression
from tracemill_datagen.program.grammar.production import LAST, MAX_SET, Rule
from tracemill_datagen.program.grammar.sense import MEASURED
from tracemill_datagen.program.grammar.shapes import Shape
from tracemill_datagen.program.operator import Operator, Parameters
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

Atom = tuple[str, Parameters]
"""A selection: operator and literals."""

SAMPLED = 400
"""Rows on which it is judged how many rows a selection keeps."""

MILD = (0.4, 0.97)
"""Which part of the rows a mild selection keeps: three in a row leave about a fifth."""

LEFT = 24
"""Rows that three mild selections leave of a short table: each keeps at least its cube root."""

QUARTERS = (0.25, 0.5, 0.75)
"""Where in a column's distinct values, or in the number of rows, the limits of conditions stand."""

_NOTHING: tuple[Parameters, ...] = ({},)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two values of one group column."""

    column: str
    left: int | float | str
    right: int | float | str


class Literals:
    """What the operators may be bound to on a table."""

    def __init__(
        self, roles: Roles, sheet: Sheet, operators: Sequence[Operator] = OPERATORS
    ) -> None:
        self._rows = sheet.rows
        choices = frozenset(op.name for op in operators if op.decides)
        self.options: Mapping[str, tuple[Parameters, ...]] = {
            op.name: _NOTHING if op.name in choices else bindings_of(op, roles) for op in operators
        }
        self._halves = {c.name: c for c in roles.groups if len(c.distinct) == 2 and not c.nulls}
        self._columns_of = {c.name: c for c in (*roles.measures, *roles.scales)}
        self._measured: Mapping[str, tuple[str, ...]] = {
            "additive": tuple(column.name for column in roles.additive),
            "proportional": tuple(column.name for column in roles.proportional),
            "scales": tuple(column.name for column in roles.scales),
            "sparse": tuple(column.name for column in roles.measures if column.nulls),
        }
        bound = {name for name, options in self.options.items() if options}
        present = {role for role, columns in self._measured.items() if columns}
        lacking = {op for op, role in MEASURED.items() if role not in {*present, "scales"}}
        self.usable = frozenset((bound - lacking) | present)
        self._columns = _mild_by_column(operators, self.options, sheet)
        self._ways = _ways([len(atoms) for atoms in self._columns])

    @cached_property
    def parts(self) -> Sequence[Atom]:
        """Equality filters with all their bindings.

        Of two values that all rows have it is the first: the percentage of the other is the rest.
        """
        atoms = [("filter_equal", each) for each in self.options.get("filter_equal", ())]
        return [each for each in atoms if not self._is_the_other(each[1])]

    def _is_the_other(self, literals: Parameters) -> bool:
        column = self._halves.get(str(literals["column"]))
        return column is not None and literals["value"] != column.distinct[0]

    @cached_property
    def contrasts(self) -> Sequence[Contrast]:
        """Each two values of a group column that have enough rows, in one order.

        Turned round they give the same difference but for its sign.
        """
        values: dict[str, list[int | float | str]] = {}
        for each in self.options.get("filter_equal", ()):
            value = each["value"]
            if isinstance(value, int | float | str):
                values.setdefault(str(each["column"]), []).append(value)
        return [
            Contrast(column, left, right)
            for column, found in values.items()
            for left, right in combinations(found, 2)
        ]

    def width(self, rule: Rule) -> int:
        """Return how many bindings a rule has by itself, its operands' aside."""
        if rule.form == "filters":
            return self._ways[0][rule.width]
        if rule.form == "limit":
            return len(QUARTERS)
        own = len(self.options[rule.op])
        if rule.form == "measured":
            return own * len(self._measured[rule.detail])
        if rule.form == "contrast":
            return own * len(self.contrasts)
        return own * len(self.parts) if rule.form == "part" else own

    def count(self, shape: Shape) -> int:
        """Return how many bindings a shape has."""
        found = self.width(shape.rule)
        for below in shape.below:
            found *= self.count(below)
        return found

    def bound(self, shape: Shape, index: int) -> Expression:
        """Return a shape with one of its ``count(shape)`` bindings."""
        expression, rest = self._bound(shape, index)
        if rest:
            raise IndexError(f"wanted a binding below {self.count(shape)}, got {index}")
        return expression

    def _bound(self, shape: Shape, index: int) -> tuple[Expression, int]:
        rule = shape.rule
        index, digit = divmod(index, self.width(rule))
        below = []
        for operand in shape.below:
            expression, index = self._bound(operand, index)
            below.append(expression)
        return self._built(rule, digit, tuple(below)), index

    def _built(self, rule: Rule, digit: int, below: tuple[Expression, ...]) -> Expression:
        if rule.form == "filters":
            rows = below[0]
            for op, parameters in self._set(digit, rule.width):
                rows = Expression(op=op, inputs=(rows,), parameters=parameters)
            return rows
        if rule.form == "limit":
            limit = self._limit(below[0], QUARTERS[digit])
            return Expression(op=rule.op, inputs=below, parameters={"limit": limit})
        rest, own = divmod(digit, len(self.options[rule.op]))
        parameters = self.options[rule.op][own]
        if rule.form == "measured":
            column = {"column": self._measured[rule.detail][rest]}
            below = (Expression(op="column", inputs=below, parameters=column),)
        elif rule.form == "above":
            below = (below[0], _middle(rule.detail, below[0], str(parameters["column"])))
        elif rule.form == "contrast":
            below = self._contrasted(below[0], self.contrasts[rest])
        elif rule.form == "part":
            op, literals = self.parts[rest]
            below = (_over(below[0], _filtered(op, literals)), below[0])
        return Expression(op=rule.op, inputs=below, parameters=parameters)

    def _limit(self, number: Expression, part: float) -> int | float:
        """Return a literal to compare a number with: of its column, or of all rows for a count."""
        if number.op == "count":
            return max(1, round(self._rows * part))
        column = self._columns_of[str(number.inputs[0].parameters["column"])]
        value = column.levels[int(len(column.levels) * part)]
        if isinstance(value, str):
            raise TypeError(f"wanted numbers in {column.name}, got {value!r}")
        return value if isinstance(value, int) else float(f"{value:.3g}")

    def _contrasted(self, context: Expression, by: Contrast) -> tuple[Expression, ...]:
        values = (by.left, by.right)
        rows = (_filtered("filter_equal", {"column": by.column, "value": v}) for v in values)
        return tuple(_over(context, each) for each in rows)

    def _set(self, index: int, width: int) -> list[Atom]:
        """Return the selections of a set: of ``width`` columns, one each."""
        chosen: list[Atom] = []
        for place, atoms in enumerate(self._columns):
            left = width - len(chosen)
            if not left:
                break
            without = self._ways[place + 1][left]
            if index < without:
                continue
            index, digit = divmod(index - without, len(atoms))
            chosen.append(atoms[digit])
        return chosen


def _mild_by_column(
    operators: Sequence[Operator], options: Mapping[str, tuple[Parameters, ...]], sheet: Sheet
) -> list[list[Atom]]:
    """Return the mild selections by the column that they read; those of none stand together."""
    step = -(-sheet.rows // SAMPLED)
    sample = replace(
        sheet, columns=tuple(replace(c, values=c.values[::step]) for c in sheet.columns)
    )
    whole, found = Rows(range(sample.rows)), dict[str, list[Atom]]()
    kept_part = min(0.75, max(MILD[0], (LEFT / sheet.rows) ** (1 / 3)))
    least, most = kept_part * sample.rows, MILD[1] * sample.rows
    for operator in operators:
        commutes = operator.commutes and operator.name not in LAST
        for parameters in options[operator.name] if commutes else ():
            try:
                kept = len(rows_in(operator.evaluate(sample, parameters, (whole,))))
            except Rejected:
                continue  # no filter of this table: the words would not say which rows
            if least <= kept <= most:
                column = str(parameters.get("column", ""))
                found.setdefault(column, []).append((operator.name, parameters))
    return list(found.values())


def _ways(sizes: Sequence[int]) -> list[list[int]]:
    """Return, from each column on, the ways to choose 0 to ``MAX_SET`` selections.

    These are the elementary symmetric polynomials of the columns' numbers of selections.
    """
    rows = [[1, *[0] * MAX_SET]]
    for size in reversed(sizes):
        after = rows[-1]
        rows.append([1, *(after[k] + size * after[k - 1] for k in range(1, MAX_SET + 1))])
    return rows[::-1]


def _filtered(op: str, parameters: Parameters) -> Expression:
    return Expression(op=op, inputs=(TABLE,), parameters=parameters)


def _middle(op: str, rows: Expression, column: str) -> Expression:
    values = Expression(op="column", inputs=(rows,), parameters={"column": column})
    return Expression(op=op, inputs=(values,), parameters={})


def _over(expression: Expression, rows: Expression) -> Expression:
    """Return an expression on other rows than those of the whole table."""
    if expression.op == "table":
        return rows
    return expression.using(*(_over(operand, rows) for operand in expression.inputs))
