"""Further operators over groups: spread and variety within each, shares, and the second best."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import by_groups, each, measures_by_groups
from tracemill_datagen.program.datum import (
    Datum,
    Groups,
    Label,
    close,
    groups_in,
    rows_in,
)
from tracemill_datagen.program.operator import (
    Operator,
    Parameters,
    SqlScope,
    integer,
    text,
)
from tracemill_datagen.program.operators.aggregate import DENOMINATORS
from tracemill_datagen.program.vector import complete, grouped, spread, total
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Codes, Sheet

MIN_VALUES = 3
"""Fewest values of a group whose standard deviation is asked for."""

TOP_SHARES = (2, 3, 5)
"""How many groups a share of the total is taken of."""


def _members(
    sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]
) -> Iterator[tuple[Label, Codes]]:
    """Yield each group with its rows that have a value in ``column``; at least two groups."""
    by, column = (sheet.column(text(parameters, key)) for key in ("by", "column"))
    found = list(grouped(by, rows_in(inputs[0])))
    if len(found) < 2:
        raise Rejected("one_group", "nothing to compare")
    for label, rows in found:
        yield label, complete(rows, column)


def _group_std(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    column, ddof = sheet.column(text(parameters, "column")), integer(parameters, "ddof")
    values: dict[Label, int | float] = {}
    for label, rows in _members(sheet, parameters, inputs):
        if len(rows) < MIN_VALUES:
            raise Rejected("small_group", f"{label} has {len(rows)} values")
        values[label] = spread(column.numbers[rows], ddof)
    return Groups(values)


def _sql_group_std(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    by, column = scope.column(parameters, "by"), scope.column(parameters)
    ddof = scope.literal(integer(parameters, "ddof"))
    return (
        f"SELECT label, root(SUM((v - m) * (v - m)) / (COUNT(*) - {ddof})) AS value FROM "
        f"(SELECT {by} AS label, {column} AS v, AVG({column}) OVER (PARTITION BY {by}) AS m "
        f"FROM t WHERE ({inputs[0]}) AND {by} IS NOT NULL AND {column} IS NOT NULL) GROUP BY label"
    )


def _of_each(parameters: Parameters, rows: str) -> str:
    by, column = python(text(parameters, "by")), python(text(parameters, "column"))
    return f"{rows}.groupby({by})[{column}]"


GROUP_STD = Operator(
    name="group_std",
    inputs=("rows",),
    output="groups",
    evaluate=_group_std,
    sql=_sql_group_std,
    pandas=lambda p, i: f"{_of_each(p, i[0])}.std(ddof={integer(p, 'ddof')})",
    variable=lambda p, _i: snake("std", p["column"], "per", p["by"]),
    wordings=(
        "the standard deviation ({ddof}) of {column} per {by}[ over {0}]",
        "the standard deviation ({ddof}) of {column} grouped by {by}[ over {0}]",
    ),
    words={"ddof": {ddof: f"ddof = {ddof}, {says}" for ddof, says in DENOMINATORS.items()}},
    bindings=lambda roles: [
        {**binding, "ddof": ddof} for binding in measures_by_groups(roles) for ddof in (0, 1)
    ],
    keeps_unit=True,
)


def _group_distinct(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    codes = sheet.column(text(parameters, "column")).codes
    members = _members(sheet, parameters, inputs)
    return Groups({label: len(np.unique(codes[rows])) for label, rows in members})


def _labels_by_groups(roles: Roles) -> list[dict[str, str]]:
    return [
        {"by": by.name, "column": column.name}
        for by in roles.groups
        for column in roles.groups
        if by.name != column.name
    ]


GROUP_DISTINCT = Operator(
    name="group_distinct",
    inputs=("rows",),
    output="groups",
    evaluate=_group_distinct,
    sql=lambda scope, p, i: (
        f"SELECT {scope.column(p, 'by')} AS label, COUNT(DISTINCT {scope.column(p)}) AS value "
        f"FROM t WHERE ({i[0]}) AND {scope.column(p, 'by')} IS NOT NULL GROUP BY 1"
    ),
    pandas=lambda p, i: f"{_of_each(p, i[0])}.nunique()",
    variable=lambda p, _i: snake("distinct", p["column"], "per", p["by"]),
    wordings=(
        "the number of different values of {column} per {by}[ over {0}]",
        "the number of distinct values of {column} grouped by {by}[ over {0}]",
    ),
    bindings=_labels_by_groups,
)


def _group_share(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    cuts = {**parameters, "column": parameters["by"]}
    sizes = {label: len(rows) for label, rows in _members(sheet, cuts, inputs)}
    whole = sum(sizes.values())
    return Groups({label: 100 * size / whole for label, size in sizes.items()})


GROUP_SHARE = Operator(
    name="group_share",
    inputs=("rows",),
    output="groups",
    evaluate=_group_share,
    sql=lambda scope, p, i: (
        f"SELECT {scope.column(p, 'by')} AS label, 100.0 * COUNT(*) / SUM(COUNT(*)) OVER () "
        f"AS value FROM t WHERE ({i[0]}) AND {scope.column(p, 'by')} IS NOT NULL GROUP BY 1"
    ),
    pandas=lambda p, i: f"100 * {i[0]}[{python(text(p, 'by'))}].value_counts(normalize=True)",
    variable=lambda p, _i: snake("share_per", p["by"]),
    wordings=(
        "the percentage of rows per {by}[ within {0}]",
        "the percentage of rows grouped by {by}[ within {0}]",
    ),
    unit="%",
    bindings=by_groups,
)


def _top_share(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values, n = sorted(groups_in(inputs[0]).values(), reverse=True), integer(parameters, "n")
    if len(values) <= n:
        raise Rejected("too_few_groups", f"{len(values)} groups, asked for {n}")
    if values[-1] < 0 or values[0] == 0:
        raise Rejected("not_a_share", f"from {values[-1]} to {values[0]}")
    if close(values[n - 1], values[n]):
        raise Rejected("tie", f"groups {n} and {n + 1} are equal")
    return 100 * total(values[:n]) / total(values)


TOP_SHARE = Operator(
    name="top_share",
    inputs=("groups",),
    output="number",
    evaluate=_top_share,
    sql=lambda scope, p, i: (
        f"(WITH g AS MATERIALIZED ({i[0]}) SELECT 100.0 * (SELECT SUM(value) FROM (SELECT value "
        f"FROM g ORDER BY value DESC LIMIT {scope.literal(integer(p, 'n'))})) "
        "/ (SELECT SUM(value) FROM g))"
    ),
    pandas=lambda p, i: f"100 * {i[0]}.nlargest({integer(p, 'n')}).sum() / {i[0]}.sum()",
    variable=lambda _p, i: snake("top_share", i[0]),
    wordings=(
        "the percentage of the total that the top {n} groups make up by {0}",
        "the percentage of the total that falls on the top {n} groups by {0}",
    ),
    unit="%",
    bindings=each("n", TOP_SHARES),
)


def _second(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    ordered = sorted(groups_in(inputs[0]).items(), key=lambda item: -item[1])
    if len(ordered) < 3:
        raise Rejected("too_few_groups", f"{len(ordered)} groups, wanted 3")
    (first, best), (label, value), (third, next_value) = ordered[:3]
    if close(best, value) or close(value, next_value):
        raise Rejected("tie", f"among {first}, {label} and {third}")
    return label


SECOND_GROUP = Operator(
    name="second_group",
    inputs=("groups",),
    output="label",
    evaluate=_second,
    sql=lambda _s, _p, i: f"(SELECT label FROM ({i[0]}) ORDER BY value DESC LIMIT 1 OFFSET 1)",
    pandas=lambda _p, i: f"{i[0]}.nlargest(2).index[1]",
    variable=lambda _p, i: snake("second", i[0]),
    wordings=(
        "the group with the second highest {0:bare}",
        "the group that has the second highest {0:bare}",
    ),
)

OPERATORS = (GROUP_STD, GROUP_DISTINCT, GROUP_SHARE, TOP_SHARE, SECOND_GROUP)
