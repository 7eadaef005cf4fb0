"""Operators over two numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Number, close, number_in
from tracemill_datagen.program.operator import Operator, Parameters
from tracemill_datagen.program.words import snake
from tracemill_datagen.table.sheet import Sheet


def _scalar(
    name: str,
    says: tuple[str, ...],
    compute: Callable[[Number, Number], Number],
    sql: str,
    pandas: str,
    *,
    keeps_unit: bool = False,
    unit: str | None = None,
) -> Operator:
    def evaluate(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        left, right = (number_in(datum) for datum in inputs)
        if left != right and close(left, right):
            raise Rejected("vanishes", f"{left} and {right} differ by rounding noise only")
        return compute(left, right)

    return Operator(
        name=name,
        inputs=("number", "number"),
        output="number",
        evaluate=evaluate,
        sql=lambda _s, _p, i: sql.format(*i),
        pandas=lambda _p, i: pandas.format(*i),
        variable=lambda _p, i: snake(name, i[0]),
        wordings=says,
        keeps_unit=keeps_unit,
        unit=unit,
    )


def _ratio(left: Number, right: Number) -> Number:
    if right == 0:
        raise Rejected("division_by_zero")
    return left / right


def _share(left: Number, right: Number) -> Number:
    if left < 0 or right < left:
        raise Rejected("not_a_share", f"{left} of {right}")
    return _ratio(100 * left, right)


DIFFERENCE = _scalar(
    "difference",
    ("{0} minus {1}", "the result of {0} minus {1}"),
    lambda left, right: left - right,
    "({0} - {1})",
    "{0} - {1}",
    keeps_unit=True,
)
RATIO = _scalar(
    "ratio",
    ("{0} divided by {1}", "the ratio of {0} to {1}"),
    _ratio,
    "({0} * 1.0 / {1})",
    "{0} / {1}",
)
SHARE = _scalar(
    "share",
    ("{0} as a percentage of {1}", "the percentage that {0} is of {1}"),
    _share,
    "(100.0 * {0} / {1})",
    "100 * {0} / {1}",
    unit="%",
)

OPERATORS = (DIFFERENCE, RATIO, SHARE)
