"""Decisions: a computed condition (a ``flag``), and operators in which it selects a branch.

How the grammar uses them. A decision is ``choose_*(flag, first, second)``: the value is ``first``
where the flag holds, else ``second``. A decision means something only if the other branch would
give another answer, so for each choice in a program

- swap operands 1 and 2 of the choice: the program's answer must be another, or there is none
  (equal branches are refused here by the name ``same_branches``, but branches that differ may
  still agree further on, for instance in their count);
- a selection that stands only in the branch that is not taken cannot change the answer when it is
  dropped: it is exempt from the guard against dead filters, the swap above stands for it. So is
  one that stands only in the flag: whether it turns the flag depends on the table.

Both branches are evaluated, and one without a value on the table (a tie, no rows) rejects the
program: no solver should need to find out that a branch cannot be computed. Compare like with
like: ``is_greater`` takes two numbers of one meaning (the same aggregate under two conditions),
``is_above`` and ``is_below`` want a literal that a person would write, near the number's value.
Choices have no literals; their ``bind`` gives None so that no operator is drawn blindly for their
operands: whoever draws them puts the flag and both branches together by a rule of its own.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Callable, Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, ValueType, close, flag_in, number_in
from tracemill_datagen.program.operator import Operator, Parameters, number
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Sheet

LIMITS = (0, 1, 10, 50, 100, 1000)
"""Literals that a number is compared with where nothing better is known of it."""


def _greater(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    left, right = (number_in(datum) for datum in inputs)
    if close(left, right):
        raise Rejected("tie", f"{left} and {right} are too close to tell which is greater")
    return left > right


IS_GREATER = Operator(
    name="is_greater",
    inputs=("number", "number"),
    output="flag",
    evaluate=_greater,
    sql=lambda _s, _p, i: f"({i[0]} > {i[1]})",
    pandas=lambda _p, i: f"{i[0]} > {i[1]}",
    variable=lambda _p, i: snake(i[0], "is_greater"),
    wordings=("{0} is greater than {1}", "{0} is above {1}"),
)


def _against(name: str, symbol: str, says: tuple[str, ...]) -> Operator:
    """Make an operator that compares a number with a literal."""

    def evaluate(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        value, limit = number_in(inputs[0]), number(parameters, "limit")
        if close(value, limit):
            raise Rejected("tie", f"{value} is too close to {limit}")
        return value > limit if symbol == ">" else value < limit

    return Operator(
        name=name,
        inputs=("number",),
        output="flag",
        evaluate=evaluate,
        sql=lambda scope, p, i: f"({i[0]} {symbol} {scope.literal(number(p, 'limit'))})",
        pandas=lambda p, i: f"{i[0]} {symbol} {python(number(p, 'limit'))}",
        variable=lambda p, i: snake(i[0], name, p["limit"]),
        wordings=tuple(f"{{0}} is {words} {{limit}}" for words in says),
        bind=lambda _roles, rng: {"limit": rng.choice(LIMITS)},
    )


IS_ABOVE = _against("is_above", ">", ("greater than", "above"))
IS_BELOW = _against("is_below", "<", ("less than", "below"))

IS_SAME = Operator(
    name="is_same",
    inputs=("label", "label"),
    output="flag",
    evaluate=lambda _s, _p, i: i[0] == i[1],
    sql=lambda _s, _p, i: f"({i[0]} = {i[1]})",
    pandas=lambda _p, i: f"{i[0]} == {i[1]}",
    variable=lambda _p, i: snake(i[0], "is_same"),
    wordings=("{0} is the same as {1}",),
    exchanges=True,
)


def _choose(kind: ValueType, says: str, sql: Callable[[Sequence[str]], str]) -> Operator:
    """Make a choice between two values of one type."""

    def evaluate(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        first, second = inputs[1:]
        if _alike(first, second):
            raise Rejected("same_branches", f"both branches are the same {kind}")
        return first if flag_in(inputs[0]) else second

    return Operator(
        name=f"choose_{kind}",
        inputs=("flag", kind, kind),
        output=kind,
        evaluate=evaluate,
        sql=lambda _s, _p, i: sql(i),
        pandas=lambda _p, i: f"{i[1]} if {i[0]} else {i[2]}",
        variable=lambda _p, i: snake("chosen", i[1]),
        wordings=(says,),
        bind=lambda _roles, _rng: None,
    )


def _alike(first: Datum, second: Datum) -> bool:
    if isinstance(first, int | float) and isinstance(second, int | float):
        return close(first, second)
    return first == second


def _case(inputs: Sequence[str]) -> str:
    """Choose between scalars or row conditions; a flag that is NULL chooses nothing."""
    return f"(CASE WHEN {inputs[0]} THEN {inputs[1]} WHEN NOT {inputs[0]} THEN {inputs[2]} END)"


def _union(inputs: Sequence[str]) -> str:
    """Choose between tables: only one of the two has rows."""
    return (
        f"SELECT * FROM ({inputs[1]}) WHERE {inputs[0]} "
        f"UNION ALL SELECT * FROM ({inputs[2]}) WHERE NOT {inputs[0]}"
    )


_OTHERWISE = "{1} if {0}, otherwise {2}"

CHOOSE_NUMBER = _choose("number", _OTHERWISE, _case)
CHOOSE_LABEL = _choose("label", _OTHERWISE, _case)
CHOOSE_ROWS = _choose("rows", _OTHERWISE, _case)
CHOOSE_NUMBERS = _choose("numbers", _OTHERWISE, _union)
CHOOSE_GROUPS = _choose("groups", _OTHERWISE, _union)

CHOICES = frozenset(
    {"choose_number", "choose_label", "choose_rows", "choose_numbers", "choose_groups"}
)
"""Names of the operators whose first operand decides between the second and the third."""

OPERATORS = (
    IS_GREATER,
    IS_ABOVE,
    IS_BELOW,
    IS_SAME,
    CHOOSE_NUMBER,
    CHOOSE_LABEL,
    CHOOSE_ROWS,
    CHOOSE_NUMBERS,
    CHOOSE_GROUPS,
)
