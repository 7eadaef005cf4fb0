"""Programs in English."""

# ruff: noqa: S311 - the random numbers guard no secret
from __future__ import annotations

import re
from random import Random

import pytest

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording.wording import (
    phrase_of,
    sentence_of,
    steps_of,
    steps_sentence,
)

BUGS = call("filter_equal", TABLE, column="kind", value="bug")
MASS = call("column", TABLE, column="mass")
OVER_TIME = call("column", TABLE, column="change over time")
TOP = call("top_rows", TABLE, column="mass", n=20)
BUG_MASS = call("column", BUGS, column="mass")
HEAVY_TOP = call("filter_greater", TOP, column="mass", value=5)


@pytest.mark.parametrize(
    ("expression", "phrase"),
    [
        (call("count", TABLE), "the number of rows"),
        (call("count", BUGS), 'the number of rows where kind is "bug"'),
        (call("mean", MASS), "the mean of mass"),
        (
            call("std", call("column", BUGS, column="mass"), ddof=1),
            (
                "the standard deviation (ddof = 1, dividing by n - 1) of mass "
                'over the rows where kind is "bug"'
            ),
        ),
        (
            call("count", call("filter_above", TABLE, call("mean", MASS), column="mass")),
            "the number of rows where mass is greater than (the mean of mass over all rows)",
        ),
        (
            call(
                "count",
                call(
                    "filter_above",
                    BUGS,
                    call("mean", call("column", BUGS, column="mass")),
                    column="mass",
                ),
            ),
            (
                'the number of rows where kind is "bug" and mass is greater than '
                '(the mean of mass over the rows where kind is "bug")'
            ),
        ),
        (
            call("count", call("filter_above", TABLE, call("mean", OVER_TIME), column="mass")),
            (
                "the number of rows where mass is greater than "
                '(the mean of "change over time" over all rows)'
            ),
        ),
        (
            call("count", call("filter_equal", TOP, column="kind", value="bug")),
            'the number of rows where kind is "bug" among the 20 rows with the largest mass',
        ),
        (
            call("count", call("filter_equal", HEAVY_TOP, column="kind", value="bug")),
            (
                'the number of rows where mass is greater than 5 and kind is "bug" '
                "among the 20 rows with the largest mass"
            ),
        ),
        (
            call("quantile", MASS, q=0.9, method="lower"),
            (
                "the 0.9 quantile (at rank (n - 1) * 0.9 of the n sorted values, counted from 0; "
                'method "lower" between ranks) of mass'
            ),
        ),
        (
            call("argmax_group", call("group_max", TABLE, by="kind", column="mass")),
            "the group with the highest maximum of mass per kind",
        ),
        (
            call("share", call("count", BUGS), call("count", TABLE)),
            '(the number of rows where kind is "bug") as a percentage of (the number of rows)',
        ),
        (
            call("top_names", BUGS, key="name", by="mass", n=3),
            (
                'the values of "name" in the 3 rows with the largest mass (largest first) '
                'among the rows where kind is "bug"'
            ),
        ),
    ],
)
def test_phrase(expression: Expression, phrase: str) -> None:
    assert phrase_of(expression) == phrase


def test_a_seed_chooses_among_wordings_and_always_the_same() -> None:
    texts = [phrase_of(call("mean", BUG_MASS), Random(seed)) for seed in range(40)]
    assert texts == [phrase_of(call("mean", BUG_MASS), Random(seed)) for seed in range(40)]
    assert {
        'the mean of mass over the rows where kind is "bug"',
        'the average of mass in the rows where kind is equal to "bug"',
    } <= set(texts)


CHAIN = call("filter_above", TOP, call("mean", BUG_MASS), column="mass")
CHOICE = call(
    "choose_number",
    call("is_greater", call("mean", BUG_MASS), call("median", MASS)),
    call("count", BUGS),
    call("count", CHAIN),
)


def test_steps_name_what_is_read_twice_and_what_would_stand_in_brackets() -> None:
    assert steps_sentence(CHOICE) == (
        'let A be the rows where kind is "bug". Let B be the mean of mass over the rows of A. '
        "Let C be the condition that B is greater than (the median of mass over all rows). "
        "Let D be the rows where mass is greater than B among the 20 rows with the "
        "largest mass among all rows. "
        "What is (the number of rows of A) if C holds, otherwise (the number of rows of D)"
    )
    assert [part.op for part in steps_of(CHOICE)] == [
        "filter_equal", "mean", "is_greater", "filter_above",
    ]  # fmt: skip


def test_a_decision_is_always_told_in_steps() -> None:
    flag = call("is_above", call("mean", MASS), limit=3)
    chosen = call("median", call("choose_numbers", flag, MASS, BUG_MASS))
    for seed in range(20):
        assert sentence_of(chosen, Random(seed)).startswith("let A be the condition that ")
    assert steps_sentence(chosen) == (
        "let A be the condition that (the mean of mass over all rows) is greater than 3. "
        "Let B be (mass over all rows) if A holds, otherwise (mass over the rows where kind is "
        '"bug"). '
        "What is the median of the values of B"
    )


def test_one_operator_has_one_wording_within_a_question() -> None:
    both = call("difference", call("mean", MASS), call("mean", BUG_MASS))
    for seed in range(40):
        text = phrase_of(both, Random(seed))
        assert ("average" in text) + ("arithmetic" in text) + ("the mean of" in text) == 1
        assert text.count("mean") + text.count("average") == 2


def test_only_as_many_steps_are_named_as_there_are_letters() -> None:
    total = call("count", BUGS)
    for value in range(30):
        total = call(
            "difference",
            total,
            call("count", call("filter_less", TABLE, column="mass", value=value)),
        )
    text = steps_sentence(total)
    assert len(steps_of(total)) > 26
    assert text.count("et Z be ") == 1
    assert text.count("et ") == 26


@pytest.mark.parametrize(
    ("expression", "starts"),
    [
        (call("mean", MASS), {"what"}),
        (call("ratio", call("mean", MASS), call("count", BUGS)), {"what", "let"}),
        (CHOICE, {"let"}),
    ],
)
def test_short_programs_are_one_phrase_and_long_ones_steps(
    expression: Expression, starts: set[str]
) -> None:
    sentences = [sentence_of(expression, Random(seed)) for seed in range(20)]
    assert {sentence.split()[0] for sentence in sentences} == starts


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (call("top_names", TABLE, key="id", by="mass", n=3), "what are the values of id in "),
        (call("most_common_pair", TABLE, x="kind", y="id"),
         "what are the values of the most frequent combination of kind and id"),
        (call("is_above", call("count", BUGS), limit=3), "is it true that (the number of rows "),
    ],
)  # fmt: skip
def test_the_question_fits_what_is_asked_for(expression: Expression, sentence: str) -> None:
    assert any(sentence_of(expression, Random(s)).startswith(sentence) for s in range(20))


PER_MONTH = call("series_mean", TABLE, by="day", unit="month", column="mass")


@pytest.mark.parametrize(
    ("expression", "phrase"),
    [
        (call("periods_mean", PER_MONTH),
         "the mean over all periods of the mean of mass per month (YYYY-MM) of day"),
        (call("rises", PER_MONTH),
         ("the number of periods with a higher value than the period before in the mean of mass "
          "per month (YYYY-MM) of day")),
        (call("peak_period", PER_MONTH),
         "the period with the highest value in the mean of mass per month (YYYY-MM) of day"),
        (call("groups_min", call("group_share", BUGS, by="tame")),
         'the smallest percentage of rows per tame within the rows where kind is "bug"'),
        (call("count", call("incomplete_rows", TABLE)),
         "the number of rows where at least one column is empty"),
        (call("variance", MASS, ddof=0), "the variance (ddof = 0, dividing by n) of mass"),
    ],
)  # fmt: skip
def test_phrases_are_grammatical(expression: Expression, phrase: str) -> None:
    assert phrase_of(expression) == phrase.replace("of day", 'of "day"')


def test_no_wording_sets_literals_between_commas() -> None:
    for operator in OPERATORS:
        for wording in operator.wordings:
            assert re.search(r", \{\w+\}, ", wording) is None, operator.name
