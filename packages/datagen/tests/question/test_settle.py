"""Settled, stated and open questions, and what is rejected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Policy, Proposal, Reading
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.settle import difficulty, settle, split_group
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

MASS = call("column", TABLE, column="body_mass_g")


def std(ddof: int) -> Reading:
    return Reading(
        name=f"ddof={ddof}",
        expression=call("std", MASS, ddof=ddof),
        statement=f"Use ddof = {ddof}.",
        parameters={"ddof": ddof},
    )


def best(aggregate: str, column: str) -> Reading:
    groups = call(f"group_{aggregate}", TABLE, by="species", column=column)
    return Reading(name=aggregate, expression=call("argmax_group", groups))


def quantile(method: str) -> Reading:
    return Reading(name=method, expression=call("quantile", MASS, q=0.5, method=method),
                   statement=f"Use {method}.")  # fmt: skip


def settled(bench: Bench, *readings: Reading, policy: Policy = "stated") -> Question:
    proposal = Proposal(
        sentence="what is it", readings=readings, parameters={"column": "x"}, policy=policy
    )
    return settle(proposal, bench, source="template", family="f", seed=5)


def test_readings_that_differ_are_stated(bench: Bench) -> None:
    question = settled(bench, std(0), std(1))
    assert "Use ddof = 0." in question.prompt
    assert question.parameters == {"column": "x", "ddof": 0}
    assert [(a.value, a.interpretation) for a in question.answers] == [(800.78, "ddof=0")]
    assert not judge(question.answer_spec, question.answers[0].value, 801.95).correct


def test_readings_that_agree_settle_the_question_without_a_word(bench: Bench) -> None:
    question = settled(bench, quantile("lower"), quantile("higher"))
    assert "Use" not in question.prompt
    assert [a.interpretation for a in question.answers] == ["lower or higher"]


def test_open_question_stores_every_reading(bench: Bench) -> None:
    question = settled(
        bench, best("mean", "bill_depth_mm"), best("sum", "bill_depth_mm"), policy="open"
    )
    assert [(a.value, a.interpretation) for a in question.answers] == [
        ("Chinstrap", "mean"),
        ("Adelie", "sum"),
    ]
    for answer in question.answers:
        assert judge(question.answer_spec, answer.value, answer.value).correct
    assert not any(judge(question.answer_spec, a.value, "Gentoo").correct for a in question.answers)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (call("count", call("filter_equal", TABLE, column="sex", value="none")), "too_few_rows"),
        (
            call("mean", call("column", call("not_null", TABLE, column="body_mass_g"),
                              column="body_mass_g")),
            "dead_filter",
        ),
    ],
)  # fmt: skip
def test_a_question_without_a_settled_answer_is_rejected(
    bench: Bench, expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}"):
        settled(bench, Reading(name="only", expression=expression))


def test_a_reading_without_an_answer_rejects_an_open_question_only(bench: Bench) -> None:
    tied = Reading(
        name="tied",
        expression=call("argmax_group", call("group_min", TABLE, by="sex", column="year")),
    )
    assert settled(bench, best("mean", "body_mass_g"), tied).answers[0].value == "Gentoo"
    with pytest.raises(Rejected, match=r"^tie"):
        settled(bench, best("mean", "body_mass_g"), tied, policy="open")


def test_record_says_what_was_asked(bench: Bench) -> None:
    question = settled(bench, std(1))
    assert (question.table_id, question.seed, question.n_steps) == (bench.sheet.digest, 5, 3)
    assert question.mechanical == (
        'std(column(table(),{"column":"body_mass_g"}),{"ddof":1}) on penguins rounded to 2 [ddof=1]'
    )
    question.verify_id(where="test")


def test_paraphrases_share_a_split_group(bench: Bench) -> None:
    groups = [
        split_group(
            call("count", call("filter_equal", TABLE, column="sex", value=value)), bench.sheet
        )
        for value in ("male", "female")
    ]
    assert groups[0] == groups[1] != split_group(call("count", TABLE), bench.sheet)
    assert groups[0].startswith("penguins:")


def test_difficulty_grows_with_operators_and_columns(bench: Bench) -> None:
    plain = call("mean", MASS)
    rows = call("filter_equal", TABLE, column="sex", value="male")
    harder = call("mean", call("column", rows, column="body_mass_g"))
    assert difficulty(plain, bench.sheet) == 4.538
    assert difficulty(harder, bench.sheet) == 5.838


def test_order_of_filters_and_of_correlated_columns_does_not_part_a_group(bench: Bench) -> None:
    males = call("filter_equal", TABLE, column="sex", value="male")
    heavy = call("filter_greater", TABLE, column="body_mass_g", value=4000)
    pairs = (
        (call("count", males.using(heavy)), call("count", heavy.using(males))),
        (
            call("correlation", TABLE, x="body_mass_g", y="bill_depth_mm"),
            call("correlation", TABLE, x="bill_depth_mm", y="body_mass_g"),
        ),
    )
    for left, right in pairs:
        assert split_group(left, bench.sheet) == split_group(right, bench.sheet)


@pytest.mark.parametrize(("island", "answer"), [("Dream", 56), ("Biscoe", 44)])
def test_a_group_that_a_filter_empties_is_spoken_of_where_it_matters(
    bench: Bench, island: str, answer: int
) -> None:
    rows = call("filter_equal", TABLE, column="island", value=island)
    counts = call("group_count", rows, by="species")
    question = settled(bench, Reading(name="only", expression=call("groups_min", counts)))
    assert "Leave groups without rows out." in question.prompt
    assert question.answers[0].value == answer
    largest = settled(bench, Reading(name="only", expression=call("groups_max", counts)))
    assert "groups without rows" not in largest.prompt
    young = call("filter_greater", TABLE, column="year", value=2007)
    full = call("groups_min", call("group_count", young, by="species"))
    assert "groups without rows" not in settled(bench, Reading(name="only", expression=full)).prompt


def test_only_what_its_maker_has_checked_is_not_checked_again(bench: Bench) -> None:
    dead = call("not_null", TABLE, column="body_mass_g")
    mean = call("mean", call("column", dead, column="body_mass_g"))
    made = Proposal(
        sentence="what is it", readings=(Reading(name="only", expression=mean),), parameters={}
    )
    with pytest.raises(Rejected, match="^dead_filter: not_null$"):
        settle(made, bench, source="template", family="f", seed=5)
    settle(replace(made, checked=True), bench, source="template", family="f", seed=5)
