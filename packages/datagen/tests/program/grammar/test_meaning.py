"""Programs that ask for nothing are refused by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.grammar.meaning import check_meaning, is_meaningful
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.reader import parse_sheet

ROWS = "".join(
    f"{'ab'[i % 2]},{i * 7 % 23},{i * 3 % 40 - 5},{i % 9 + 20},2012-{i % 9 + 1:02d}-0{i % 7 + 1}\n"
    for i in range(40)
)
TEXT = f"kind,sales,temp,price,day\n{ROWS}".encode()
A = call("filter_equal", TABLE, column="kind", value="a")
B = call("filter_equal", TABLE, column="kind", value="b")
MANY = call("filter_greater", TABLE, column="sales", value=10)


@pytest.fixture(scope="module")
def made() -> Iterator[Bench]:
    with Bench(parse_sheet(TEXT, name="made", where="test")) as opened:
        yield opened


def of(op: str, rows: Expression, column: str, **literals: object) -> Expression:
    return call(op, call("column", rows, column=column), **literals)  # type: ignore[arg-type]


def groups(op: str, column: str) -> Expression:
    return call(op, TABLE, by="kind", column=column)


COUNTS = call("group_count", TABLE, by="kind")
MONTHS = call("series_mean", TABLE, by="day", unit="month", column="temp")
FLAG = call("is_above", of("mean", A, "sales"), limit=3)
ABOVE = call("filter_above", MANY, of("mean", MANY, "sales"), column="sales")
WHOLE = call("complete_rows", TABLE)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (of("sum", A, "price"), "not_additive: price"),
        (call("groups_max", groups("group_sum", "temp")), "not_additive: temp"),
        (call("ratio", of("mean", A, "temp"), of("mean", B, "temp")), "no_true_zero: temp"),
        (of("variation", A, "temp", ddof=1), "no_true_zero: temp"),
        (call("percent_change", MONTHS), "no_true_zero: temp"),
        (call("top_share", groups("group_mean", "sales"), n=2), "no_total: top_share of group"),
        (of("min", MANY, "sales"), "filtered_on_itself: min after filter_greater"),
        (of("mean", call("top_rows", TABLE, column="sales", n=3), "sales"),
         "filtered_on_itself: mean after top_rows"),
        (call("distinct_count", call("labels", call("filter_in", TABLE, column="kind", first="a",
                                                    second="b"), column="kind")),
         "filtered_on_itself: distinct_count after filter_in"),
        (call("first_date", call("filter_after", TABLE, column="day", value="2012-03-01"),
              by="day"), "filtered_on_itself: first_date after filter_after"),
        (call("value_at_top", MANY, column="price", by="sales"),
         "filtered_on_itself: value_at_top after filter_greater"),
        (call("correlation", MANY, x="price", y="sales"),
         "filtered_on_itself: correlation after filter_greater"),
        (call("count", ABOVE), "narrowed_twice: sales"),
        (call("count", call("choose_rows", FLAG, A, TABLE)), "trivial_branch: choose_rows"),
        (call("choose_number", FLAG, call("count", TABLE), call("count", A)), "trivial_branch"),
        (call("choose_number", FLAG, of("mean", A, "sales"), of("mean", B, "price")),
         "unlike_branches: choose_number"),
        (call("choose_number", FLAG, of("mean", A, "sales"), of("std", A, "sales", ddof=1)),
         "unlike_branches: choose_number"),
        (call("share", call("count", call("filter_above", A, of("mean", A, "sales"),
                                          column="sales")), call("count", TABLE)),
         "unlike_rows: count"),
        (call("choose_rows", FLAG, A, WHOLE), "partly_complete: choose_rows"),
        (call("choose_rows", call("is_above", call("count", A), limit=3), WHOLE, WHOLE),
         "partly_complete: choose_rows"),
        (call("filter_above", WHOLE, of("mean", TABLE, "sales"), column="sales"),
         "partly_complete: filter_above"),
    ],
)  # fmt: skip
def test_what_asks_for_nothing_is_refused(made: Bench, expression: Expression, reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}"):
        check_meaning(expression, made.roles)
    assert not is_meaningful(expression, made.roles)


@pytest.mark.parametrize(
    "expression",
    [
        of("sum", A, "sales"),
        call("filter_above", WHOLE, of("mean", WHOLE, "sales"), column="sales"),
        of("mean", MANY, "sales"),
        of("min", MANY, "price"),
        call("value_at_top", MANY, column="price", by="temp"),
        call("correlation", MANY, x="price", y="temp"),
        of("mean", call("top_rows", TABLE, column="sales", n=3), "price"),
        call("ratio", of("mean", A, "price"), of("mean", B, "price")),
        call("ratio", call("count", A), call("count", B)),
        call("percent_change", call("series_count", TABLE, by="day", unit="month")),
        call("difference", of("mean", A, "temp"), of("mean", B, "temp")),
        call("top_share", COUNTS, n=2),
        call("argmax_group", groups("group_mean", "temp")),
        call("count", call("filter_above", A, of("mean", A, "sales"), column="sales")),
        call("rises", call("series_count", call("filter_after", TABLE, column="day",
                                                value="2012-03-01"), by="day", unit="month")),
        call("count", call("choose_rows", FLAG, A, B)),
        call("choose_number", FLAG, of("mean", A, "sales"), of("median", B, "sales")),
        call("share", call("count", A), call("count", TABLE)),
    ],
    ids=phrase_of,
)  # fmt: skip
def test_what_an_analyst_asks_is_not(made: Bench, expression: Expression) -> None:
    check_meaning(expression, made.roles)
    assert is_meaningful(expression, made.roles)
