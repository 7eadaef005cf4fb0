"""Programs turned from one option to another, for every axis of the catalogue that can be."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.axis import Convention
from tracemill_datagen.convention.catalogue import BY_AXIS, CONVENTIONS, OPTIONS
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet

MASS = call("column", TABLE, column="body_mass_g")
MALE = call("filter_equal", TABLE, column="sex", value="male")
KNOWN = call("not_null", TABLE, column="sex")
COMPLETE = call("complete_rows", TABLE)


def best(aggregate: str, op: str = "argmax_group") -> Expression:
    return call(op, call(f"group_{aggregate}", TABLE, by="species", column="body_mass_g"))


def share(whole: Expression) -> Expression:
    return call("share", call("count", MALE), call("count", whole))


def pair(op: str, **parameters: str) -> Expression:
    return call(op, MASS, call("column", MALE, column="body_mass_g"), **parameters)


def relation(op: str) -> Expression:
    return call(op, TABLE, x="body_mass_g", y="bill_depth_mm")


def square(correction: str) -> Expression:
    return call("chi_square", TABLE, x="species", y="sex", correction=correction)


LABELS = call("labels", TABLE, column="sex")
MEANS = call("group_mean", TABLE, by="sex", column="body_mass_g")
COUNTS = call("series_count", TABLE, by="date", unit="month")
SPECIES = call("group_count", TABLE, by="species")
DAYS = call("part_count", TABLE, by="date", part="weekday")
EMPTIED: tuple[tuple[Expression, Expression], ...] = (
    (call("group_count", MALE, by="species"), SPECIES),
    (call("group_sum", MALE, by="species", column="body_mass_g"), SPECIES),
    (call("group_distinct", MALE, by="species", column="island"), SPECIES),
    (call("group_share", MALE, by="species"), SPECIES),
    (call("part_count", MALE, by="date", part="weekday"), DAYS),
    (call("part_sum", MALE, by="date", part="weekday", column="body_mass_g"), DAYS),
)
"""Groups that a filter may empty, and the groups of the whole table."""

Case = tuple[str, str, Expression, str, Expression]
CASES: tuple[Case, ...] = (
    ("ddof", "ddof=1", call("std", MASS, ddof=1), "ddof=0", call("std", MASS, ddof=0)),
    ("quantile", "method=linear", call("quantile", MASS, q=0.9, method="linear"),
     "method=higher", call("quantile", MASS, q=0.9, method="higher")),
    ("nulls", "cells of the column", call("mean", MASS),
     "complete rows", call("mean", call("column", COMPLETE, column="body_mass_g"))),
    ("nulls", "cells of the column", call("mean", MASS),
     "as zero", call("ratio", call("sum", MASS), call("count", TABLE))),
    ("nulls", "complete rows", call("mean", call("column", COMPLETE, column="body_mass_g")),
     "cells of the column", call("mean", MASS)),
    ("denominator", "of all rows", share(TABLE), "of rows with a value", share(KNOWN)),
    ("denominator", "of rows with a value", share(KNOWN), "of all rows", share(TABLE)),
    ("highest", "by mean", best("mean"), "by sum", best("sum")),
    ("highest", "by max", best("max"), "by median", best("median")),
    ("lowest", "lowest by min", best("min", "argmin_group"),
     "lowest by mean", best("mean", "argmin_group")),
    ("level", "mean", call("mean", MASS), "median", call("median", MASS)),
    ("correlation", "Pearson", relation("correlation"), "Spearman", relation("rank_correlation")),
    ("correlation", "Spearman", relation("rank_correlation"),
     "Kendall", relation("kendall_correlation")),
    ("test", "Student", pair("student_p"), "Welch", pair("welch_p")),
    ("test", "Student", pair("student_t"), "Welch", pair("welch_t")),
    ("test", "Student", pair("student_t"), "Mann-Whitney", pair("student_t")),
    ("test", "Welch", pair("welch_p"), "Mann-Whitney", pair("mann_whitney_p", continuity="yes")),
    ("test", "Mann-Whitney", pair("mann_whitney_p", continuity="no"),
     "Student", pair("student_p")),
    ("continuity", "continuity=yes", pair("mann_whitney_p", continuity="yes"),
     "continuity=no", pair("mann_whitney_p", continuity="no")),
    ("correction", "correction=yes", square("yes"), "correction=no", square("no")),
    ("U", "U of the first", pair("mann_whitney_u", of="first"),
     "smaller U", pair("mann_whitney_u", of="smaller")),
    ("skewness", "skewness g1", call("skewness", MASS, definition="population"),
     "skewness G1", call("skewness", MASS, definition="sample")),
    ("kurtosis", "kurtosis b2", call("kurtosis", MASS, definition="plain"),
     "kurtosis G2", call("kurtosis", MASS, definition="sample")),
    ("weighting", "each group once", call("groups_mean", MEANS),
     "each row once", call("mean", call("column", KNOWN, column="body_mass_g"))),
    ("empty value", "empty is no value", call("distinct_count", LABELS),
     "empty is a value", call("distinct_with_empty", LABELS)),
    ("periods", "periods without rows left out", call("periods_mean", COUNTS),
     "periods without rows as 0", call("periods_mean", call("fill_periods", COUNTS))),
    ("periods", "periods without rows as 0", call("periods_mean", call("fill_periods", COUNTS)),
     "periods without rows left out", call("periods_mean", COUNTS)),
    *(
        ("groups", "groups without rows left out", call("groups_min", part),
         "groups without rows as 0", call("groups_min", call("fill_groups", part, whole)))
        for part, whole in EMPTIED
    ),
    ("groups", "groups without rows as 0", call("groups_min", call("fill_groups", *EMPTIED[0])),
     "groups without rows left out", call("groups_min", EMPTIED[0][0])),
)  # fmt: skip
"""Axis, option taken, program, another option, program under it."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]} to {case[3]}")
def test_a_program_is_turned(bench: Bench, case: Case) -> None:
    axis, taken, program, other, turned = case
    convention = BY_AXIS[axis]
    assert [option.name for option in convention.options_in(program, bench.sheet)] == [taken]
    assert convention.rewritten(program, OPTIONS[other]).canonical == turned.canonical


def test_every_axis_that_can_be_rewritten_has_a_case() -> None:
    rewritable = {convention.axis for convention in CONVENTIONS if convention.axis_of is not None}
    assert {case[0] for case in CASES} == rewritable


@pytest.mark.parametrize(
    ("axis", "program"),
    [
        ("denominator", share(MALE)),
        ("denominator", call("share", call("sum", MASS), call("sum", MASS))),
        ("highest", call("argmax_group", call("group_count", TABLE, by="species"))),
        ("highest", call("groups_max", call("group_mean", TABLE, by="sex", column="year"))),
        ("weighting", call("groups_mean", call("group_sum", TABLE, by="sex", column="year"))),
        ("nulls", call("count", TABLE)),
        ("nulls", call("count", call("empty_rows", TABLE, column="sex"))),
        ("nulls", call("count", call("incomplete_rows", call("filter_greater", TABLE,
                                                             column="body_mass_g", value=4000)))),
        ("nulls", call("label_of_row", TABLE, key="island", value="Dream", column="sex")),
        ("U", pair("mann_whitney_p", continuity="yes")),
        ("groups", call("groups_min", SPECIES)),
        ("groups", call("groups_min", call("group_mean", MALE, by="species", column="year"))),
        ("periods", call("periods_mean",
                         call("series_mean", TABLE, by="date", unit="month", column="year"))),
    ],
)  # fmt: skip
def test_what_an_axis_does_not_concern_has_taken_nothing(
    bench: Bench, axis: str, program: Expression
) -> None:
    assert BY_AXIS[axis].options_in(program, bench.sheet) == ()
    for option in BY_AXIS[axis].options[:1]:
        assert BY_AXIS[axis].rewritten(program, option) == program


def concerned(axis: str, program: Expression, table: str) -> bool:
    convention: Convention = BY_AXIS[axis]
    return bool(convention.options_in(program, embedded_sheet(embedded_named(table))))


def test_empty_cells_matter_only_where_a_table_has_some() -> None:
    assert not concerned("nulls", call("mean", call("column", TABLE, column="Murder")),
                         "state_crime")  # fmt: skip
    assert concerned("nulls", call("mean", MASS), "penguins")
