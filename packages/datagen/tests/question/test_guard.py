"""Degenerate questions are refused by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.guard import check_answer, check_chain, check_degenerate
from tracemill_datagen.table.reader import parse_sheet

ROWS = "".join(
    f"n{i},{'ab'[i % 2]},{i},{2 * i + 1},{i * i % 7},{5 if i % 2 else i},"
    f"{i if i % 2 or i < 6 else ''},{i if i < 3 else ''},{i * 4000},{max(0, i - 8)}.0\n"
    for i in range(20)
)
TABLE_TEXT = f"name,kind,mass,double,odd,flat,sparse,rare,huge,zeros\n{ROWS}".encode()
A = call("filter_equal", TABLE, column="kind", value="a")
B = call("filter_equal", TABLE, column="kind", value="b")


@pytest.fixture(scope="module")
def made() -> Iterator[Bench]:
    with Bench(parse_sheet(TABLE_TEXT, name="made", where="test")) as opened:
        yield opened


def mean(rows: Expression, column: str) -> Expression:
    return call("mean", call("column", rows, column=column))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (mean(B, "flat"), "constant_values: flat is 5"),
        (mean(TABLE, "rare"), "too_few_values: rare has 3"),
        (mean(call("top_rows", TABLE, column="mass", n=3), "sparse"),
         "too_few_values: sparse has 2"),
        (call("groups_max", call("group_count", TABLE, by="kind")),
         "all_groups_equal: group_count is 10"),
        (call("argmax_group", call("group_mean", TABLE, by="kind", column="sparse")),
         "small_group: a has 3 values"),
        (call("correlation", TABLE, x="mass", y="double"),
         "degenerate_answer: correlation is 1.0"),
        (call("rank_correlation", TABLE, x="mass", y="double"), "degenerate_answer"),
        (call("share", call("count", TABLE), call("count", TABLE)),
         "degenerate_answer: share is 100"),
        (call("slope", TABLE, x="huge", y="mass"), "few_digits: 0.000"),
        (call("median", call("column", call("filter_less", TABLE, column="mass", value=9),
                             column="zeros")), "degenerate_answer: median is 0.0"),
    ],
)  # fmt: skip
def test_a_degenerate_question_is_refused(made: Bench, expression: Expression, reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}"):
        check_degenerate(expression, made, 4)


@pytest.mark.parametrize(
    "expression",
    [
        mean(A, "flat"),
        mean(call("bottom_rows", TABLE, column="mass", n=3), "rare"),
        call("correlation", TABLE, x="mass", y="odd"),
        call("share", call("count", A), call("count", TABLE)),
        call("argmax_group", call("group_mean", TABLE, by="kind", column="mass")),
        call("top_names", TABLE, key="name", by="mass", n=3),
    ],
)
def test_others_are_not(made: Bench, expression: Expression) -> None:
    check_degenerate(expression, made, 4)


def test_a_chain_whose_steps_are_mostly_unused_is_refused(made: Bench) -> None:
    flag = call("is_above", mean(A, "mass"), limit=3)
    assert made.interpreter.value(flag) is True
    few = call("filter_less", call("filter_greater", B, column="odd", value=0), column="flat",
               value=30)  # fmt: skip
    other = mean(call("filter_above", few, mean(few, "mass"), column="mass"), "double")
    unused = call("choose_number", flag, call("count", A), other)
    with pytest.raises(Rejected, match=r"^unused_branch: 6 of 11 steps$"):
        check_chain(unused, made.interpreter)
    check_chain(call("choose_number", flag, call("count", A), call("count", B)), made.interpreter)
    check_chain(call("count", A), made.interpreter)


def test_an_answer_that_stands_in_the_question_is_refused() -> None:
    either = call("filter_in", TABLE, column="kind", first="a", second="b")
    with pytest.raises(Rejected, match=r"^answer_in_prompt: b in filter_in$"):
        check_answer(either, "b")
    check_answer(either, "c")
    many = call("filter_greater", TABLE, column="mass", value=10)
    with pytest.raises(Rejected, match=r"^answer_in_prompt: 10 in filter_greater$"):
        check_answer(mean(many, "odd"), 10)
    check_answer(mean(many, "odd"), 11)
