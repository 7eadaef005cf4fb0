"""Which readings a question has, and what its prompt must therefore state."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Policy, Proposal, Reading
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.interpretation import (
    BOUND,
    Interpretations,
    answer_of,
    interpret,
    relevant,
    same_answer,
)
from tracemill_schema.answer import AnswerSpec, judge
from tracemill_schema.canonical import Value

NUMBER = AnswerSpec(kind="number", decimals=2)
TEXT = AnswerSpec(kind="string")
MASS = call("column", TABLE, column="body_mass_g")
YEAR = call("column", TABLE, column="year")
STD = call("std", MASS, ddof=1)


def proposal(sentence: str, *readings: Reading, policy: Policy = "stated") -> Proposal:
    return Proposal(sentence=sentence, readings=readings, parameters={}, policy=policy)


def only(expression: Expression) -> Reading:
    return Reading(name="only", expression=expression)


def names(table: Interpretations) -> list[str]:
    return [" + ".join(row.names) + (" -" if row.excluded else "") for row in table.rows]


@pytest.mark.parametrize(
    ("sentence", "axes"),
    [
        ("what is the standard deviation of body_mass_g", ["ddof", "nulls"]),
        ("what is the standard deviation (ddof = 1) of body_mass_g", ["nulls"]),
    ],
)
def test_what_the_sentence_states_is_not_asked(
    bench: Bench, sentence: str, axes: list[str]
) -> None:
    found = relevant(proposal(sentence, only(STD)), bench.sheet)
    assert [choice.convention.axis for choice in found] == axes


def test_what_the_family_varies_is_its_own(bench: Bench) -> None:
    found = relevant(proposal("how much does it vary", *readings_of(STD, "ddof")), bench.sheet)
    assert [choice.convention.axis for choice in found] == ["nulls"]


def test_readings_are_the_product_fewest_departures_first(bench: Bench) -> None:
    asked = proposal("how much does body_mass_g vary", *readings_of(STD, "ddof"))
    table = interpret(asked, bench, NUMBER, already="")
    assert names(table) == [
        "ddof=1",
        "ddof=0 -",
        "ddof=1 + complete rows -",
        "ddof=0 + complete rows -",
    ]
    assert (table.states_reading, [option.name for option in table.stated]) == (
        True,
        ["cells of the column"],
    )


def test_what_the_prompt_says_anyway_is_not_stated_twice(bench: Bench) -> None:
    asked = proposal("what is the mean of body_mass_g", only(call("mean", MASS)))
    table = interpret(asked, bench, NUMBER, already="Leave cells without a value out.")
    assert names(table) == ["only", "only + complete rows -", "only + as zero -"]
    assert table.stated == ()


def test_what_makes_no_difference_is_not_stated(bench: Bench) -> None:
    asked = proposal("what is the largest year", only(call("max", YEAR)))
    table = interpret(asked, bench, NUMBER, already="")
    assert names(table) == ["only", "only + complete rows"]
    assert (table.states_reading, table.stated) == (False, ())


def test_an_open_question_states_only_what_its_family_does_not_leave_open(bench: Bench) -> None:
    groups = call("group_mean", TABLE, by="species", column="bill_depth_mm")
    asked = proposal(
        "which species has the highest", *readings_of(call("argmax_group", groups), "highest"),
        policy="open",
    )  # fmt: skip
    table = interpret(asked, bench, TEXT, already="")
    assert [name for name in names(table) if "+" not in name] == [
        "by mean", "by sum", "by median", "by max",
    ]  # fmt: skip
    assert not table.states_reading


def test_more_readings_than_the_bound_are_left_out_and_counted(bench: Bench) -> None:
    values = call("quantile", MASS, q=0.9, method="linear")
    asked = proposal("what is the 0.9 quantile", *readings_of(values, "quantile"))
    whole = interpret(asked, bench, NUMBER, already="")
    cut = interpret(asked, bench, NUMBER, already="", bound=5)
    assert (len(whole.rows), whole.left_out) == (8, 0)
    assert (len(cut.rows), cut.left_out) == (5, 3)
    assert names(cut)[:4] == names(whole)[:4]


def test_a_family_with_too_many_readings_is_rejected_by_name(bench: Bench) -> None:
    many = [Reading(name=f"at {n}", expression=call("quantile", MASS, q=n / 100, method="lower"))
            for n in range(1, BOUND + 2)]  # fmt: skip
    with pytest.raises(Rejected, match=r"^too_many_readings: 33, at most 32$"):
        interpret(proposal("what", *many), bench, NUMBER, already="")


def test_conventions_that_differ_only_together_are_stated_all(bench: Bench) -> None:
    """Sum and mean agree on the best of two groups, and so do both ways with empty cells."""
    by_mean = call("group_mean", TABLE, by="sex", column="body_mass_g")
    by_sum = call("group_sum", TABLE, by="sex", column="body_mass_g")
    asked = proposal(
        "which sex is first",
        Reading(name="by mean", expression=call("argmax_group", by_mean), statement="By mean."),
        Reading(name="by sum", expression=call("argmax_group", by_sum)),
    )
    table = interpret(asked, bench, TEXT, already="")
    answers = {row.result.answer for row in table.rows if not row.excluded}
    assert answers == {"male"}


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        (call("mean", call("column", call("filter_equal", TABLE, column="sex", value="none"),
                           column="body_mass_g")), "no_values: mean"),
        (call("ratio", call("count", TABLE), call("count", TABLE)), ""),
    ],
)  # fmt: skip
def test_a_program_without_an_answer_says_why(
    bench: Bench, expression: Expression, why: str
) -> None:
    answer, found = answer_of(expression, bench, 2)
    assert found == why
    assert (answer is None) is bool(why)


def pearson_and_spearman() -> list[Reading]:
    relation = call("correlation", TABLE, x="body_mass_g", y="bill_depth_mm")
    return list(readings_of(relation, "correlation"))[:2]


def test_an_option_that_an_open_family_forgot_rejects_the_question(bench: Bench) -> None:
    asked = proposal("what is the correlation", *pearson_and_spearman(), policy="open")
    with pytest.raises(Rejected, match="^option_missing: Kendall$"):
        interpret(asked, bench, NUMBER, already="")


def test_an_option_that_a_closed_family_forgot_is_excluded_by_what_it_states(bench: Bench) -> None:
    asked = proposal("what is the correlation", *pearson_and_spearman())
    table = interpret(asked, bench, NUMBER, already="Leave cells without a value out.")
    assert names(table)[:3] == ["Pearson", "Spearman -", "Pearson + Kendall -"]
    assert (table.states_reading, table.stated) == (True, ())


def test_an_option_that_the_words_rule_out_is_not_asked(bench: Bench) -> None:
    left, right = (
        call("column", call("filter_equal", TABLE, column="sex", value=sex), column="body_mass_g")
        for sex in ("male", "female")
    )
    for sentence, others in (
        ("what is the p-value of the t-test", ["Student"]),
        ("what is the p-value", ["Student", "Mann-Whitney"]),
    ):
        found = relevant(proposal(sentence, only(call("welch_p", left, right))), bench.sheet)
        test = next(choice for choice in found if choice.convention.axis == "test")
        assert [option.name for option in test.others] == others


def test_a_convention_that_the_readings_own_statement_names_is_stated_by_it(bench: Bench) -> None:
    """Both readings agree, but not with Pearson's coefficient."""
    ranked = call("rank_correlation", TABLE, x="body_mass_g", y="flipper_length_mm")
    asked = proposal(
        "how strong is it",
        Reading(name="by rank", expression=ranked, statement="Judge by Spearman's correlation."),
        Reading(name="by size", expression=call("absolute", ranked)),
    )
    table = interpret(asked, bench, NUMBER, already="Leave cells without a value out.")
    assert (table.states_reading, table.stated) == (True, ())


@pytest.mark.parametrize(
    ("spec", "left", "right", "same"),
    [
        (NUMBER, 1.25, 1.25, True),
        (NUMBER, 1.25, 1.26, False),
        (AnswerSpec(kind="integer"), 3, 3, True),
        (AnswerSpec(kind="integer"), 3, 3.0, True),
        (TEXT, "Biscoe", "biscoe", True),
        (TEXT, "null", "null", True),
        (TEXT, "two\nlines", "two\nlines", True),
        (AnswerSpec(kind="list", item=TEXT), ["a", "b"], ["a", "b"], True),
        (AnswerSpec(kind="list", item=TEXT), ["a", "b"], ["b", "a"], False),
    ],
)
def test_answers_are_the_same_where_the_judge_says_so(
    spec: AnswerSpec, left: Value, right: Value, *, same: bool
) -> None:
    assert same_answer(spec, left, right) is same
    assert judge(spec, left, right).correct is same
