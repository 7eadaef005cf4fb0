"""Operators over groups: one number a group, and which group is best."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import binding
from tracemill_datagen.program.datum import (
    Datum,
    Groups,
    Label,
    Number,
    close,
    groups_in,
    label_of,
    rows_in,
)
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, integer, text
from tracemill_datagen.program.operators.rank import ranked
from tracemill_datagen.program.vector import (
    average,
    complete,
    grouped,
    largest,
    middle,
    smallest,
    total,
)
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Numbers, Sheet

TOP_GROUPS = (2, 3, 5)
TOP_NAMES = (3, 5)


def _group_count(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    members = grouped(sheet.column(text(parameters, "by")), rows_in(inputs[0]))
    return _enough({label: len(rows) for label, rows in members})


def _enough(values: dict[Label, Number]) -> Groups:
    if len(values) < 2:
        raise Rejected("one_group", "nothing to compare")
    return Groups(values)


GROUP_COUNT = Operator(
    name="group_count",
    inputs=("rows",),
    output="groups",
    evaluate=_group_count,
    sql=lambda scope, p, i: (
        f"SELECT {scope.column(p, 'by')} AS label, COUNT(*) AS value FROM t "
        f"WHERE ({i[0]}) AND {scope.column(p, 'by')} IS NOT NULL GROUP BY 1"
    ),
    pandas=lambda p, i: f"{i[0]}.groupby({python(text(p, 'by'))}).size()",
    variable=lambda p, _i: snake("rows_per", p["by"]),
    wordings=(
        "the number of rows per {by}[ over {0}]",
        "the number of rows grouped by {by}[ over {0}]",
    ),
    bindings=binding.by_groups,
)


def _group(name: str, word: str, compute: Callable[[Numbers], Number], function: str) -> Operator:
    """Make an operator that aggregates a measure within each group."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        by, column = (sheet.column(text(parameters, key)) for key in ("by", "column"))
        values: dict[Label, Number] = {}
        for label, rows in grouped(by, rows_in(inputs[0])):
            known = complete(rows, column)
            if not len(known):
                raise Rejected("group_without_values", str(label))
            values[label] = compute(column.numbers[known])
        return _enough(values)

    return Operator(
        name=f"group_{name}",
        inputs=("rows",),
        output="groups",
        evaluate=evaluate,
        sql=_sql_median if name == "median" else _sql_group(function),
        pandas=lambda p, i: (
            f"{i[0]}.groupby({python(text(p, 'by'))})[{python(text(p, 'column'))}].{name}()"
        ),
        variable=lambda p, _i: snake(name, p["column"], "per", p["by"]),
        wordings=(
            f"the {word} of {{column}} per {{by}}[ over {{0}}]",
            f"the {word} of {{column}} grouped by {{by}}[ over {{0}}]",
        ),
        bindings=binding.sums_by_groups if name == "sum" else binding.measures_by_groups,
        keeps_unit=True,
    )


def _sql_group(function: str) -> Callable[[SqlScope, Parameters, Sequence[str]], str]:
    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        by, column = scope.column(parameters, "by"), scope.column(parameters)
        return (
            f"SELECT {by} AS label, {function}({column}) AS value FROM t WHERE ({inputs[0]}) "
            f"AND {by} IS NOT NULL GROUP BY 1 HAVING COUNT({column}) > 0"
        )

    return sql


def _sql_median(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    by, column = scope.column(parameters, "by"), scope.column(parameters)
    return (
        f"SELECT label, AVG(v) AS value FROM (SELECT {by} AS label, {column} AS v, "
        f"ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY {column}) AS r, "
        f"COUNT(*) OVER (PARTITION BY {by}) AS n FROM t WHERE ({inputs[0]}) "
        f"AND {by} IS NOT NULL AND {column} IS NOT NULL) "
        "WHERE r IN ((n + 1) / 2, (n + 2) / 2) GROUP BY label"
    )


GROUP_MEAN = _group("mean", "mean", average, "AVG")
GROUP_SUM = _group("sum", "sum", total, "SUM")
GROUP_MEDIAN = _group("median", "median", middle, "")
GROUP_MAX = _group("max", "maximum", largest, "MAX")
GROUP_MIN = _group("min", "minimum", smallest, "MIN")


def _best(values: Sequence[tuple[Label, Number]], n: int, *, largest: bool) -> tuple[Label, ...]:
    """Return the n best labels, best first; neighbours up to the cut must differ clearly."""
    ordered = sorted(values, key=lambda item: -item[1] if largest else item[1])
    if len(ordered) <= n:
        raise Rejected("too_few_groups", f"{len(ordered)} groups, asked for {n}")
    for left, right in pairwise(ordered[: n + 1]):
        if close(left[1], right[1]):
            raise Rejected("tie", f"{left[0]} and {right[0]}")
    return tuple(label for label, _ in ordered[:n])


def _extreme(name: str, word: str, method: str, order: str, *, largest: bool) -> Operator:
    def evaluate(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        return _best(list(groups_in(inputs[0]).items()), 1, largest=largest)[0]

    return Operator(
        name=name,
        inputs=("groups",),
        output="label",
        evaluate=evaluate,
        sql=lambda _s, _p, i: f"(SELECT label FROM ({i[0]}) ORDER BY value {order} LIMIT 1)",
        pandas=lambda _p, i: f"{i[0]}.{method}()",
        variable=lambda _p, i: snake(word, i[0]),
        wordings=(
            f"the group with the {word} {{0:bare}}",
            f"the group that has the {word} {{0:bare}}",
        ),
    )


ARGMAX_GROUP = _extreme("argmax_group", "highest", "idxmax", "DESC", largest=True)
ARGMIN_GROUP = _extreme("argmin_group", "lowest", "idxmin", "ASC", largest=False)


def _sql_top(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    n = scope.literal(integer(parameters, "n"))
    return f"SELECT label AS v FROM ({inputs[0]}) ORDER BY value DESC LIMIT {n}"


TOP_GROUPS_OPERATOR = Operator(
    name="top_groups",
    inputs=("groups",),
    output="list",
    evaluate=lambda _s, p, i: _best(list(groups_in(i[0]).items()), integer(p, "n"), largest=True),
    sql=_sql_top,
    pandas=lambda p, i: f"{i[0]}.nlargest({integer(p, 'n')}).index.tolist()",
    variable=lambda _p, i: snake("top", i[0]),
    wordings=(
        "the {n} groups (highest first) with the highest {0:bare}",
        "the top {n} groups, highest first, by {0}",
    ),
    bindings=binding.each("n", TOP_GROUPS),
)


def _series(name: str, compute: Callable[[Sequence[Number]], Number], sql: str) -> Operator:
    """Make an operator that reduces the groups' numbers to one."""
    says = {
        "max": ("the largest {0:bare}", "the maximum over all groups of {0}"),
        "min": ("the smallest {0:bare}", "the minimum over all groups of {0}"),
        "range": (
            "the range (max - min) of {0}",
            "the difference between the largest and the smallest {0:bare}",
        ),
    }
    ends = {"max": "{0}.max()", "min": "{0}.min()", "range": "{0}.max() - {0}.min()"}
    return Operator(
        name=f"groups_{name}",
        inputs=("groups",),
        output="number",
        evaluate=lambda _s, _p, i: compute(list(groups_in(i[0]).values())),
        sql=lambda _s, _p, i: f"(SELECT {sql} FROM ({i[0]}))",
        pandas=lambda _p, i: ends[name].format(i[0]),
        variable=lambda _p, i: snake(name, "of", i[0]),
        wordings=says[name],
        keeps_unit=True,
    )


GROUPS_MAX = _series("max", max, "MAX(value)")
GROUPS_MIN = _series("min", min, "MIN(value)")
GROUPS_RANGE = _series("range", lambda v: max(v) - min(v), "MAX(value) - MIN(value)")


def _top_names(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    key, by = (sheet.column(text(parameters, name)) for name in ("key", "by"))
    n = integer(parameters, "n")
    rows = ranked(sheet, by.name, rows_in(inputs[0]), largest=True)[: n + 1]
    names = [label_of(key.values[row]) for row in rows.tolist()]
    return _best(list(zip(names, by.numbers[rows].tolist(), strict=True)), n, largest=True)


def _sql_names(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    key, by = scope.column(parameters, "key"), scope.column(parameters, "by")
    n = scope.literal(integer(parameters, "n"))
    return (
        f"SELECT {key} AS v FROM t WHERE ({inputs[0]}) AND {by} IS NOT NULL "
        f"ORDER BY {by} DESC LIMIT {n}"
    )


TOP_NAMES_OPERATOR = Operator(
    name="top_names",
    inputs=("rows",),
    output="list",
    evaluate=_top_names,
    sql=_sql_names,
    pandas=lambda p, i: (
        f"{i[0]}.nlargest({integer(p, 'n')}, {python(text(p, 'by'))})"
        f"[{python(text(p, 'key'))}].tolist()"
    ),
    variable=lambda p, _i: snake("top", p["key"], "by", p["by"]),
    wordings=(
        "the values of {key} in the {n} rows with the largest {by} (largest first)[ among {0}]",
        "the values of {key}, largest first, in the {n} rows with the largest {by}[ among {0}]",
    ),
    bindings=binding.ranked_keys(TOP_NAMES),
)

OPERATORS = (
    GROUP_COUNT,
    GROUP_MEAN,
    GROUP_SUM,
    GROUP_MEDIAN,
    GROUP_MAX,
    GROUP_MIN,
    ARGMAX_GROUP,
    ARGMIN_GROUP,
    TOP_GROUPS_OPERATOR,
    GROUPS_MAX,
    GROUPS_MIN,
    GROUPS_RANGE,
    TOP_NAMES_OPERATOR,
)
