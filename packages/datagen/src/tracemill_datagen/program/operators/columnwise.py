"""One number for each of some columns, so that columns can be compared as groups are.

``named`` gives a number the name of the column that it is of, ``named_pair`` those of two columns,
and ``joined`` puts such numbers together; ``argmax_group``, ``groups_max`` and the like then tell
the best column or its number. Which columns are compared is drawn by families that say them all in
the text; a blind draw would compare unlike numbers, so ``bindings`` are empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Groups, groups_in, number_in
from tracemill_datagen.program.operator import Operator, Parameters, text
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Sheet


def _pair(parameters: Parameters) -> str:
    return " and ".join(sorted((text(parameters, "x"), text(parameters, "y"))))


NAMED = Operator(
    name="named",
    inputs=("number",),
    output="groups",
    evaluate=lambda _s, p, i: Groups({text(p, "x"): number_in(i[0])}),
    sql=lambda s, p, i: f"SELECT {s.literal(text(p, 'x'))} AS label, {i[0]} AS value",
    pandas=lambda p, i: f"pd.Series({{{python(text(p, 'x'))}: {i[0]}}})",
    variable=lambda p, _i: snake("named", p["x"]),
    wordings=("the number {0} of the column {x}",),
    bindings=lambda _roles: [],
)

NAMED_PAIR = Operator(
    name="named_pair",
    inputs=("number",),
    output="groups",
    evaluate=lambda _s, p, i: Groups({_pair(p): number_in(i[0])}),
    sql=lambda s, p, i: f"SELECT {s.literal(_pair(p))} AS label, {i[0]} AS value",
    pandas=lambda p, i: f"pd.Series({{{python(_pair(p))}: {i[0]}}})",
    variable=lambda p, _i: snake("named", p["x"], p["y"]),
    wordings=("the number {0} of the columns {x} and {y}",),
    bindings=lambda _roles: [],
    symmetric=("x", "y"),
)


def _joined(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    first, second = (groups_in(datum) for datum in inputs)
    both = first.keys() & second.keys()
    if both:
        raise Rejected("same_label", f"{min(map(str, both))} is on both sides")
    return Groups({**first, **second})


JOINED = Operator(
    name="joined",
    inputs=("groups", "groups"),
    output="groups",
    evaluate=_joined,
    sql=lambda _s, _p, i: f"SELECT * FROM ({i[0]}) UNION ALL SELECT * FROM ({i[1]})",  # noqa: S608
    pandas=lambda _p, i: f"pd.concat([{i[0]}, {i[1]}])",
    variable=lambda _p, _i: "compared",
    wordings=("the numbers {0} together with {1}",),
    bindings=lambda _roles: [],
)

ABSOLUTE = Operator(
    name="absolute",
    inputs=("number",),
    output="number",
    evaluate=lambda _s, _p, i: abs(number_in(i[0])),
    sql=lambda _s, _p, i: f"ABS({i[0]})",
    pandas=lambda _p, i: f"abs({i[0]})",
    variable=lambda _p, i: snake("size_of", i[0]),
    wordings=("the absolute value of {0}",),
    # Of what is never negative it says nothing; families take it of correlations.
    bindings=lambda _roles: [],
    keeps_unit=True,
)

OPERATORS = (NAMED, NAMED_PAIR, JOINED, ABSOLUTE)
