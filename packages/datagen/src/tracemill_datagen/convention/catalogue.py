"""The catalogue of conventions: every choice that a question in plain words leaves to its reader.

``CONVENTIONS`` is the one table; the page "Conventions" of the documentation is written from it.
A family names its readings out of it, so that one convention has one name and one sentence:

    reading(call("std", values, ddof=1), "ddof=1")          one reading
    readings_of(call("std", values, ddof=1), "ddof")        one for every option of the axis

``settle`` adds every axis of this table that concerns a program and that its sentence leaves open:
a family need not list conventions that it does not mean to leave open. An axis that a sentence
states in words (``says``) is no ambiguity and is not enumerated.

To add a convention: add its record here; a new operator with a literal that names a method belongs
to an axis by that literal's name and value, or to ``by_operator`` by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracemill_datagen.convention.axis import Convention, Option
from tracemill_datagen.convention.emptied import AS_ZERO, NO_GROUP, groups
from tracemill_datagen.convention.statistic import STATISTICS
from tracemill_datagen.convention.turning import (
    ALL,
    CELLS,
    COMPLETE,
    FILLED,
    GROUPS,
    KNOWN,
    LEFT_OUT,
    ROWS,
    ZERO,
    by_operator,
    by_parameter,
    denominator,
    nulls,
    periods,
    weighting,
)
from tracemill_datagen.convention.varied import VARIED
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.proposal import Reading
from tracemill_schema.canonical import Value

__all__ = ["ALL", "BY_AXIS", "CELLS", "COMPLETE", "CONVENTIONS", "KNOWN", "OPTIONS", "reading",
           "readings_of"]  # fmt: skip

_METHODS = ("linear", "lower", "higher", "midpoint")
_AGGREGATES = ("mean", "sum", "median")


def _between(method: str, *more: str) -> Option:
    return Option(
        name=f"method={method}",
        statement=f'Use the method "{method}" between the two nearest ranks.',
        says="|".join((rf"method [\"']?{method}\b", rf"\b{method} interpolation", *more)),
        parameters={"method": method},
    )


_WORDS: Mapping[str, str] = {
    "mean": r"\b(mean|average)\b",
    "sum": r"\b(sum|total)\b",
    "median": r"\bmedian\b",
    "max": r"\b(max|maximum|largest|greatest)\b",
    "min": r"\b(min|minimum|smallest|least)\b",
}


def _compared_by(aggregate: str, *, lowest: bool = False) -> Option:
    says = {"max": "maximum", "min": "minimum"}.get(aggregate, aggregate)
    return Option(
        name=f"{'lowest ' if lowest else ''}by {aggregate}",
        statement=f"Compare the groups by their {says}.",
        says=_WORDS[aggregate],
    )


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        axis="ddof",
        about="What the sum of squares is divided by in a standard deviation or variance.",
        concerns="every operator with the parameter ddof",
        options=(
            Option(
                name="ddof=1",
                statement="Use ddof = 1 (dividing by n - 1).",
                says=r"ddof ?= ?1\b|\bn ?- ?1\b|\bsample (standard deviation|variance)",
                parameters={"ddof": 1},
            ),
            Option(
                name="ddof=0",
                statement="Use ddof = 0 (dividing by n).",
                says=r"ddof ?= ?0\b|dividing by n\b(?! ?-)|\bpopulation (standard dev|variance)",
                parameters={"ddof": 0},
            ),
        ),
        axis_of=by_parameter("ddof", {"ddof=1": 1, "ddof=0": 0}),
    ),
    Convention(
        axis="quantile",
        about="What a quantile is that falls between two ranks.",
        concerns="every operator with the parameter method of these values",
        options=(
            _between("linear"),
            _between("lower"),
            _between("higher"),
            _between("midpoint"),
        ),
        axis_of=by_parameter("method", {f"method={m}": m for m in _METHODS}),
    ),
    Convention(
        axis="nulls",
        about="What becomes of rows with an empty cell.",
        concerns="every program that reads a column of a table with empty cells",
        options=(
            Option(
                name=CELLS,
                statement="Use every row that has a value in the columns asked about.",
                says=r"leave cells without a value out|a cell without a value meets no condition"
                r"|use every row that has a value in (that column|the columns asked about)",
            ),
            Option(
                name=COMPLETE,
                statement="Use only rows without any empty cell in the whole table.",
                says=r"only rows without any empty cell|no column is empty",
            ),
            Option(
                name=ZERO,
                statement="Count cells without a value as 0.",
                says=r"count (empty cells|cells without a value) as 0",
            ),
        ),
        axis_of=nulls(),
    ),
    Convention(
        axis="denominator",
        about="Whether a percentage of a category counts rows that have no category.",
        concerns="share of a count with an equality filter on a column with empty cells",
        options=(
            Option(
                name=ALL,
                statement="Take the percentage of all rows, those without a value included.",
                says=r"percentage of all rows|percentage of \(?the number of|count in the whole",
            ),
            Option(
                name=KNOWN,
                statement="Take the percentage of the rows that have a value in that column.",
                says=r"percentage of (the rows|those) that have a value|is not empty",
            ),
        ),
        axis_of=denominator(),
    ),
    Convention(
        axis="highest",
        about="By which number of a group it is the highest.",
        concerns="argmax_group and top_groups over group_mean, group_sum, group_median, group_max",
        options=tuple(_compared_by(name) for name in ("mean", "sum", "median", "max")),
        axis_of=by_operator(
            {f"by {name}": f"group_{name}" for name in (*_AGGREGATES, "max")},
            under=("argmax_group", "top_groups"),
        ),
    ),
    Convention(
        axis="lowest",
        about="By which number of a group it is the lowest.",
        concerns="argmin_group over group_mean, group_sum, group_median, group_min",
        options=tuple(_compared_by(name, lowest=True) for name in ("mean", "sum", "median", "min")),
        axis_of=by_operator(
            {f"lowest by {name}": f"group_{name}" for name in (*_AGGREGATES, "min")},
            under=("argmin_group",),
        ),
    ),
    Convention(
        axis="level",
        about="Which number stands for a typical value.",
        concerns="mean, median",
        options=(
            Option(name="mean", statement="Use the mean.", says=_WORDS["mean"]),
            Option(name="median", statement="Use the median.", says=_WORDS["median"]),
        ),
        axis_of=by_operator({"mean": "mean", "median": "median"}),
    ),
    Convention(
        axis="correlation",
        about="Which coefficient a correlation is.",
        concerns="correlation, rank_correlation, kendall_correlation",
        options=(
            Option(name="Pearson", statement="Use Pearson's coefficient.", says=r"\bpearson"),
            Option(
                name="Spearman",
                statement="Use Spearman's rank coefficient, ties sharing their mean rank.",
                says=r"\bspearman",
            ),
            Option(
                name="Kendall",
                statement="Use Kendall's rank coefficient (tau-b).",
                says=r"\bkendall",
            ),
        ),
        axis_of=by_operator(
            {
                "Pearson": "correlation",
                "Spearman": "rank_correlation",
                "Kendall": "kendall_correlation",
            }
        ),
    ),
    *STATISTICS,
    Convention(
        axis="weighting",
        about="Whether a mean over groups counts every group once or every row once.",
        concerns="groups_mean over group_mean",
        options=(
            Option(
                name=GROUPS,
                statement="Take the mean of the groups' means.",
                says=r"\b(mean|average) over all groups\b|\bmean of the groups' means",
            ),
            Option(
                name=ROWS,
                statement="Take the mean of all rows of the groups.",
                says=r"\bmean of all rows of the groups",
            ),
        ),
        axis_of=weighting(),
    ),
    Convention(
        axis="empty value",
        about="Whether an empty cell counts as one more different value.",
        concerns="distinct_count, distinct_with_empty",
        options=(
            Option(
                name="empty is no value",
                statement="An empty cell is no value.",
                says=r"an empty cell is no value|leave cells without a value out",
            ),
            Option(
                name="empty is a value",
                statement="Empty cells count as one more value.",
                says=r"empty (ones counted|cells count) as one more",
            ),
        ),
        axis_of=by_operator(
            {"empty is no value": "distinct_count", "empty is a value": "distinct_with_empty"}
        ),
    ),
    Convention(
        axis="periods",
        about="Whether a period without rows is left out of a series, or counts as 0.",
        concerns="series_count and series_sum, with fill_periods or without",
        options=(
            Option(
                name=LEFT_OUT,
                statement="Leave periods without rows out.",
                says=r"leave periods without rows out|periods without rows are left out",
            ),
            Option(
                name=FILLED,
                statement="Count periods without rows as 0.",
                says=r"periods between without rows count as 0|count periods without rows as 0",
            ),
        ),
        axis_of=periods(),
        idle=frozenset({"no_gap", "not_applicable"}),
    ),
    Convention(
        axis="groups",
        about="Whether a group of the table without any of the rows asked about is left out, or "
        "counts as 0.",
        concerns="group_count, group_sum, group_distinct, group_share, part_count and part_sum "
        "over some of the rows, with fill_groups or without",
        options=(
            Option(
                name=NO_GROUP,
                statement="Leave groups without rows out.",
                says=r"leave groups without rows out",
            ),
            Option(
                name=AS_ZERO,
                statement="Count groups without rows as 0.",
                says=r"count groups without rows as 0",
            ),
        ),
        axis_of=groups(),
        idle=frozenset({"no_empty_group"}),
    ),
    *VARIED,
    Convention(
        axis="ties",
        about="Which of equal values comes first, or counts, where one must be chosen.",
        concerns="argmax_group, argmin_group, top_groups, top_names, top_rows, bottom_rows, mode",
        options=(
            Option(name="first in the table", statement="", says=r"(?!)"),
            Option(name="all of them", statement="", says=r"(?!)"),
        ),
        guard="tie",
    ),
    Convention(
        axis="rounding",
        about="Which way a half is rounded.",
        concerns="every answer that is rounded",
        options=(
            Option(name="half away from zero", statement="", says=r"(?!)"),
            Option(name="half to even", statement="", says=r"(?!)"),
        ),
        guard="near_rounding_edge",
    ),
)

BY_AXIS: Mapping[str, Convention] = {convention.axis: convention for convention in CONVENTIONS}

OPTIONS: Mapping[str, Option] = {
    option.name: option for convention in CONVENTIONS for option in convention.options
}
"""All options by their name."""

BY_OPTION: Mapping[str, Convention] = {
    option.name: convention for convention in CONVENTIONS for option in convention.options
}
"""Name of an option -> its convention."""


def reading(expression: Expression, *options: str, **filled: Value) -> Reading:
    """Return the reading of a question under options of the catalogue.

    Args:
        expression: The program that answers the question so understood.
        options: Names of options; none for a question that has one reading only.
        filled: What stands for ``{...}`` in their statements.

    Raises:
        KeyError: if the catalogue has no option of such a name.
    """
    taken = [OPTIONS[name] for name in options]
    parameters = {key: value for option in taken for key, value in option.parameters.items()}
    return Reading(
        name=", ".join(options) or "only",
        expression=expression,
        statement=" ".join(option.statement.format(**filled) for option in taken),
        parameters={**parameters, **filled},
    )


def readings_of(expression: Expression, axis: str, *, start: int = 0) -> tuple[Reading, ...]:
    """Return one reading for every option of an axis, the one at ``start`` first.

    Args:
        expression: A program under any option of the axis.
        axis: An axis whose programs can be rewritten.
        start: Position of the option that the prompt states if it states one.
    """
    convention = BY_AXIS[axis]
    options = (*convention.options[start:], *convention.options[:start])
    return tuple(
        reading(convention.rewritten(expression, option), option.name) for option in options
    )
