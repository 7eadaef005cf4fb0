"""t-tests, effect size and variance ratio in three engines, and against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scipy import stats

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.sample import two_samples
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

A = [5.1, 4.9, 6.2, 5.8, 6.0, 5.5, 4.7, 6.6, 5.2, 5.9]
B = [6.5, 7.1, 5.6, 9.9, 6.9, 7.4, 8.3, 5.0, 6.1, 7.7, 10.2]
Engines = Callable[[Sheet], Callable[[Expression], Datum]]


def sheet_of(*samples: list[float]) -> Sheet:
    """One row a value; the last row of each group has none."""
    rows = [f"{'abc'[i]},{v}" for i, values in enumerate(samples) for v in (*values, "")]
    return parse_sheet(("group,v\n" + "\n".join(rows)).encode(), name="t", where="t.csv")


def values_of(group: str) -> Expression:
    return call("column", call("filter_equal", TABLE, column="group", value=group), column="v")


def compared(op: str, **literals: str | int) -> Expression:
    return call(op, values_of("a"), values_of("b"), **literals)


@pytest.mark.parametrize(
    ("op", "literals", "wanted"),
    [
        ("student_t", {}, stats.ttest_ind(A, B).statistic),
        ("student_p", {}, stats.ttest_ind(A, B).pvalue),
        ("welch_t", {}, stats.ttest_ind(A, B, equal_var=False).statistic),
        ("welch_p", {}, stats.ttest_ind(A, B, equal_var=False).pvalue),
        ("variance_ratio", {"ddof": 1}, stats.tvar(B) / stats.tvar(A)),
        ("variance_ratio", {"ddof": 0}, stats.tvar(B) / stats.tvar(A) * (10 / 11) / (9 / 10)),
        ("cohen_d", {}, stats.ttest_ind(A, B).statistic * (1 / 10 + 1 / 11) ** 0.5),
    ],
)
def test_three_engines_give_scipys_value(
    engines: Engines, op: str, literals: dict[str, str | int], wanted: float
) -> None:
    assert engines(sheet_of(A, B))(compared(op, **literals)) == pytest.approx(wanted, rel=1e-9)


def test_whole_numbers_with_empty_cells_are_compared_alike(engines: Engines) -> None:
    """Such a column is of pandas' type Int64 in the rendered program."""
    a, b = [3.0, 5.0, 8.0, 2.0, 9.0, 4.0], [7.0, 9.0, 12.0, 8.0, 15.0]
    rows = [f"{g},{int(v)}" for g, values in (("a", a), ("b", b)) for v in values]
    text = "group,v\n" + "\n".join([*rows, "a,", "b,"])
    sheet = parse_sheet(text.encode(), name="t", where="t.csv")
    for op, wanted in (
        ("student_p", stats.ttest_ind(a, b).pvalue),
        ("welch_t", stats.ttest_ind(a, b, equal_var=False).statistic),
        ("cohen_d", stats.ttest_ind(a, b).statistic * (1 / 6 + 1 / 5) ** 0.5),
    ):
        assert engines(sheet)(compared(op)) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("op", "samples", "reason"),
    [
        ("student_t", (A, B[:4]), "too_few_rows: samples of 10 and 4 values"),
        ("welch_p", ([1.0] * 6, [2.0] * 6), "constant_column: neither sample varies"),
        ("cohen_d", ([1.0, 2, 3, 4, 5], [5.0, 4, 3, 2, 1, 3]), "vanishes: means 3.0 and 3.0"),
        ("student_p", (A, [v + 1e-5 for v in A]), "degenerate_p: 0.9999"),
        ("student_p", ([v * 1e-9 for v in A], [1e9 + v for v in A * 40]), "degenerate_p: 0.0"),
    ],
)
def test_what_says_nothing_is_refused_by_name(
    engines: Engines, op: str, samples: tuple[list[float], list[float]], reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}"):
        engines(sheet_of(*samples))(compared(op))


def test_ratio_with_a_constant_is_refused(engines: Engines) -> None:
    with pytest.raises(Rejected, match="^constant_column: a sample does not vary"):
        engines(sheet_of(A, [1.0] * 6))(compared("variance_ratio", ddof=1))


def test_a_sample_against_itself_is_refused(engines: Engines) -> None:
    with pytest.raises(Rejected, match="^same_sample"):
        engines(sheet_of(A, B))(call("student_t", values_of("a"), values_of("a")))
    with pytest.raises(TypeError, match="wanted a column"):
        two_samples([1.0, 2.0])
