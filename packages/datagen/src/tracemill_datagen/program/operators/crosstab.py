"""Operators over two categories at once, and over the numbers of all groups."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import (
    Datum,
    Groups,
    cells_in,
    close,
    groups_in,
    label_of,
    number_in,
    rows_in,
)
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, number, text
from tracemill_datagen.program.vector import average, pair_counts
from tracemill_datagen.program.words import python, snake, stem
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet


def _most_common_pair(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    names = text(parameters, "x"), text(parameters, "y")
    x, y = (sheet.column(name) for name in names)
    counts = pair_counts(x, y, rows_in(inputs[0]))
    most = counts.max(initial=0)
    if not most:
        raise Rejected("no_values", f"no row has both {names[0]} and {names[1]}")
    best = [(label_of(x.levels[a]), label_of(y.levels[b])) for a, b in np.argwhere(counts == most)]
    if len(best) > 1:
        raise Rejected("tie", f"{best[0]} and {best[1]} are equally frequent")
    return best[0]


def _sql_pair(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    x, y = scope.column(parameters, "x"), scope.column(parameters, "y")
    return (
        f"WITH p AS MATERIALIZED (SELECT {x} AS x, {y} AS y FROM t WHERE ({inputs[0]}) "
        f"AND {x} IS NOT NULL AND {y} IS NOT NULL GROUP BY 1, 2 ORDER BY COUNT(*) DESC LIMIT 1) "
        "SELECT v FROM (SELECT 1 AS place, x AS v FROM p UNION ALL SELECT 2, y FROM p) "
        "ORDER BY place"
    )


def _pairs_alike(roles: Roles) -> Sequence[Parameters]:
    """Return each two group columns of one kind; texts and numbers do not stand in one list."""
    return [
        {"x": x.name, "y": y.name}
        for x, y in permutations(roles.groups, 2)
        if x.numeric == y.numeric
    ]


MOST_COMMON_PAIR = Operator(
    name="most_common_pair",
    inputs=("rows",),
    output="list",
    evaluate=_most_common_pair,
    sql=_sql_pair,
    pandas=lambda p, i: (
        f"{i[0]}.value_counts([{python(text(p, 'x'))}, {python(text(p, 'y'))}])"
        ".index.to_frame().iloc[0].tolist()"
    ),
    variable=lambda p, _i: snake("most_frequent", p["x"], "and", p["y"]),
    wordings=(
        "the values of the most frequent combination of {x} and {y}[ over {0}]",
        "the values of the most common combination of {x} and {y}[ over {0}]",
    ),
    bindings=_pairs_alike,
)

GROUPS_MEAN = Operator(
    name="groups_mean",
    inputs=("groups",),
    output="number",
    evaluate=lambda _s, _p, i: average(list(groups_in(i[0]).values())),
    sql=lambda _s, _p, i: f"(SELECT AVG(value) FROM ({i[0]}))",
    pandas=lambda _p, i: f"{i[0]}.mean()",
    variable=lambda _p, i: snake("mean", "of", i[0]),
    wordings=(
        "the mean over all groups of {0}",
        "the average over all groups of {0}",
    ),
    keeps_unit=True,
)


def _groups_above(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    limit = number_in(inputs[1])
    groups = groups_in(inputs[0])
    for label, value in groups.items():
        if close(value, limit):
            raise Rejected("near_threshold", f"{label} has {value}, against {limit}")
    return sum(value > limit for value in groups.values())


GROUPS_ABOVE = Operator(
    name="groups_above",
    inputs=("groups", "number"),
    output="number",
    evaluate=_groups_above,
    sql=lambda _s, _p, i: f"(SELECT COUNT(*) FROM ({i[0]}) WHERE value > {i[1]})",
    pandas=lambda _p, i: f"({i[0]} > {i[1]}).sum()",
    variable=lambda _p, i: snake("groups_above", i[1]),
    wordings=(
        "the number of groups where {0:bare} is greater than {1}",
        "the number of groups where {0:bare} is above {1}",
    ),
    # The number must be of the groups' kind; a blind draw compares masses with counts.
    bindings=lambda _roles: [],
)


def _groups_reaching(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    limit = number(parameters, "value")
    groups = groups_in(inputs[0])
    for label, value in groups.items():
        if value != limit and close(value, limit):
            raise Rejected("near_threshold", f"{label} has {value}, against {limit}")
    return sum(value >= limit for value in groups.values())


GROUPS_REACHING = Operator(
    name="groups_reaching",
    inputs=("groups",),
    output="number",
    evaluate=_groups_reaching,
    sql=lambda scope, p, i: (
        f"(SELECT COUNT(*) FROM ({i[0]}) WHERE value >= {scope.literal(number(p, 'value'))})"
    ),
    pandas=lambda p, i: f"({i[0]} >= {number(p, 'value')}).sum()",
    variable=lambda p, i: snake("groups_from", p["value"], i[0]),
    wordings=(
        "the number of groups where {0:bare} is at least {value}",
        "the number of groups where {0:bare} is {value} or more",
    ),
    # What is a large value depends on the groups' numbers, which a blind draw does not know.
    bindings=lambda _roles: [],
)


def _distinct_with_empty(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    cells = cells_in(inputs[0])
    return len(np.unique(cells.codes)) + (cells.empty > 0)


DISTINCT_WITH_EMPTY = Operator(
    name="distinct_with_empty",
    inputs=("labels",),
    output="number",
    evaluate=_distinct_with_empty,
    sql=lambda _s, _p, i: f"(SELECT COUNT(DISTINCT v) + MAX(v IS NULL) FROM ({i[0]}))",
    pandas=lambda _p, i: f"{i[0]}.nunique(dropna=False)",
    variable=lambda _p, i: snake("distinct_with_empty", stem(i[0])),
    wordings=(
        "the number of different values (empty ones counted as one more) of {0}",
        "the number of distinct values (empty ones counted as one more) of {0}",
    ),
    # Differs from distinct_count by one where cells are empty: a reading and no further question.
    bindings=lambda _roles: [],
)


def _fill_groups(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values, whole = (groups_in(datum) for datum in inputs)
    if values.keys() >= whole.keys():
        raise Rejected("no_empty_group", "every group has rows")
    return Groups({label: values.get(label, 0) for label in whole})


FILL_GROUPS = Operator(
    name="fill_groups",
    inputs=("groups", "groups"),
    output="groups",
    evaluate=_fill_groups,
    sql=lambda _s, _p, i: (
        f"SELECT w.label AS label, COALESCE(g.value, 0) AS value FROM ({i[1]}) AS w "
        f"LEFT JOIN ({i[0]}) AS g ON g.label = w.label"
    ),
    pandas=lambda _p, i: f"{i[0]}.reindex({i[1]}.index, fill_value=0)",
    variable=lambda _p, i: snake("filled", i[0]),
    wordings=("the numbers {0} with 0 for the groups that only {1} has",),
    # The reading that counts groups which a filter empties: a reading and no further question.
    bindings=lambda _roles: [],
)

OPERATORS = (
    MOST_COMMON_PAIR,
    GROUPS_MEAN,
    GROUPS_ABOVE,
    GROUPS_REACHING,
    DISTINCT_WITH_EMPTY,
    FILL_GROUPS,
)
