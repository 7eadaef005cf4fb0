"""Mann-Whitney and two-sample Kolmogorov-Smirnov in three engines, and against scipy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from scipy import stats

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.nonparametric import ks_distance, mann_whitney
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

A = [3, 5, 4, 7, 5, 2, 9, 5, 6, 3]
B = [6, 8, 5, 9, 12, 7, 5, 11, 7, 14, 8]
Engines = Callable[[Sheet], Callable[[Expression], Datum]]


def compared(op: str, **literals: str) -> Expression:
    a, b = (
        call("column", call("filter_equal", TABLE, column="group", value=group), column="v")
        for group in "ab"
    )
    return call(op, a, b, **literals)


def sheet_of(first: list[int], second: list[int]) -> Sheet:
    rows = [f"a,{value}" for value in first] + [f"b,{value}" for value in second] + ["a,", "b,"]
    return parse_sheet(("group,v\n" + "\n".join(rows)).encode(), name="t", where="t.csv")


def p_of(first: list[int], second: list[int], *, continuity: bool) -> float:
    found = stats.mannwhitneyu(first, second, use_continuity=continuity, method="asymptotic")
    return float(found.pvalue)


@pytest.mark.parametrize(
    ("op", "literals", "wanted"),
    [
        ("mann_whitney_u", {"of": "first"}, stats.mannwhitneyu(A, B).statistic),
        ("mann_whitney_u", {"of": "smaller"}, stats.mannwhitneyu(A, B).statistic),
        ("mann_whitney_p", {"continuity": "yes"}, p_of(A, B, continuity=True)),
        ("mann_whitney_p", {"continuity": "no"}, p_of(A, B, continuity=False)),
        ("ks_distance", {}, stats.ks_2samp(A, B).statistic),
    ],
)
def test_three_engines_give_scipys_value(
    engines: Engines, op: str, literals: dict[str, str], wanted: float
) -> None:
    found = engines(sheet_of(A, B))(compared(op, **literals))
    assert found == pytest.approx(float(wanted), rel=1e-9)


def test_the_first_and_the_smaller_u_differ(engines: Engines) -> None:
    value = engines(sheet_of(B, A))
    assert value(compared("mann_whitney_u", of="first")) == mann_whitney(B, A) == 93
    assert value(compared("mann_whitney_u", of="smaller")) == 17


def test_u_counts_pairs_and_the_distance_is_the_largest_step() -> None:
    pairs = sum((a > b) + (a == b) / 2 for a, b in product(A, B))
    assert mann_whitney(A, B) == pairs
    steps = [abs(sum(a <= v for a in A) / len(A) - sum(b <= v for b in B) / len(B)) for v in A + B]
    assert ks_distance(A, B) == pytest.approx(max(steps), rel=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (A[:8], B, "too_few_rows: samples of 8 and 11 values"),
        ([4] * 9, [4] * 10, "constant_column: all values are equal"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], [5, 9, 1, 3, 7, 2, 8, 4, 6, 5], "degenerate_p: the samples"),
    ],
)
def test_tests_without_a_verdict_are_refused(
    engines: Engines, first: list[int], second: list[int], reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}"):
        engines(sheet_of(first, second))(compared("mann_whitney_p", continuity="yes"))


def test_a_distance_of_one_is_refused(engines: Engines) -> None:
    value = engines(sheet_of(A, [value + 20 for value in B]))
    with pytest.raises(Rejected, match="^disjoint_samples"):
        value(compared("ks_distance"))


def test_the_words_say_of_which_sample_u_is() -> None:
    assert phrase_of(compared("mann_whitney_u", of="first")).startswith(
        "the Mann-Whitney U statistic (of the first of the two samples: the number of pairs in "
        'which its value is the larger, ties as one half) of ("v" over '
    )
    assert phrase_of(compared("mann_whitney_u", of="smaller")).startswith(
        'the Mann-Whitney U statistic (the smaller of those of the two samples) of ("v" over '
    )
