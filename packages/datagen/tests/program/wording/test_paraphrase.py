"""Wordings of others: those that mean the same are taken, those that change it are refused."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording.paraphrase import FILLERS, SYNONYMS, Verdict, check_wording
from tracemill_datagen.table.sheet import Sheet

BUGS = call("filter_equal", TABLE, column="kind", value="bug")
HEAVY = call("count", call("filter_greater", BUGS, column="mass", value=5))
TOP = call("top_rows", TABLE, column="mass", n=3)
TOP_BUGS = call("count", call("filter_equal", TOP, column="kind", value="bug"))
MASS = call("column", TABLE, column="mass")
BUG_MASS = call("column", BUGS, column="mass")
GAP = call("difference", call("mean", MASS), call("median", BUG_MASS))
STD = call("std", MASS, ddof=1)


@pytest.mark.parametrize(
    ("text", "program", "reason"),
    [
        (
            'What is the count of rows where kind is "bug" and mass is above 5?',
            HEAVY,
            "it reads back as the program",
        ),
        (
            'the number of rows where mass is greater than 5 and kind is "bug"',
            HEAVY,
            "it reads back as the program",
        ),
        (
            'How many records have kind "bug" and a mass exceeding 5.0?',
            HEAVY,
            "it agrees with our own wording",
        ),
        (
            'Give (the average of mass) minus (the median of mass in rows whose kind is "bug").',
            GAP,
            "it agrees with our own wording",
        ),
        (
            'Find (the average mass) minus (the median mass in rows whose kind is "bug")',
            GAP,
            "it agrees with our own wording",
        ),
        (
            "Please give me the standard deviation (ddof = 1, dividing by n - 1) of the mass",
            STD,
            "it agrees with our own wording",
        ),
    ],
)
def test_the_same_meaning(text: str, program: Expression, reason: str, zoo: Sheet) -> None:
    assert check_wording(text, program, zoo) == Verdict(accepted=True, reason=reason)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ('How many rows have kind "bug" and a mass of at least 5?', HEAVY),
        ('How many rows have kind "bug" and a mass not above 5?', HEAVY),
        ('How many rows have kind "bug" or a mass above 5?', HEAVY),
        ('How many rows have kind "bug" and a mass below 5?', HEAVY),
        ('How many rows have kind "bug" and a mass above 6?', HEAVY),
        ('How many rows have kind "bug" and a mass above 50?', HEAVY),
        ('How many rows have kind "bug" and a mass above -5?', HEAVY),
        ('How many rows have kind "bug" and a mass above 5 and legs above 2?', HEAVY),
        ('How many rows have kind "bug" and a mass above five?', HEAVY),
        ('How many of the 3 rows have kind "bug" and a mass above 5?', HEAVY),
        ('How many rows have kind "beast" and a mass above 5?', HEAVY),
        ('How many rows have kind "Bug" and a mass above 5?', HEAVY),
        ('How many rows have kind "bug" and legs above 5?', HEAVY),
        ('How many rows have kind "bug"?', HEAVY),
        ("How many rows have a mass above 5?", HEAVY),
        ('How many rows have kind "bug" and a mass above 5 on average?', HEAVY),
        ('How many rows except those that have kind "bug" and a mass above 5?', HEAVY),
        ('the number of rows where kind is "bug" and mass is less than 5', HEAVY),
        ('the number of rows where kind is "bug" and mass is greater than 5.5', HEAVY),
        ('the number of rows where kind is "bug"', HEAVY),
        ('Of rows where kind is "bug", how many are in the 3 rows with largest mass?', TOP_BUGS),
        ('the number of the 3 rows with the largest mass among the rows where kind is "bug"',
         TOP_BUGS),
        ('Find (the median mass) minus (the average mass in rows whose kind is "bug")', GAP),
        ('Find (the average mass in rows whose kind is "bug") minus (the median mass)', GAP),
        ('Find the average mass minus the median mass in rows whose kind is "bug"', GAP),
        ("What is the mean of mass divided by the median of mass?", GAP),
        ("What is the standard deviation of mass?", STD),
        ("What is the standard deviation (ddof = 0, dividing by n) of mass?", STD),
        ("the standard deviation (ddof = 0, dividing by n - 1) of mass", STD),
        ("", HEAVY),
        ("?", HEAVY),
        ("(" * 5_000, HEAVY),
    ],
)  # fmt: skip
def test_a_changed_meaning_is_refused(text: str, program: Expression, zoo: Sheet) -> None:
    assert not check_wording(text, program, zoo).accepted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            'How many rows have kind "bug" and a mass of at least 5?',
            "it says 'at' where our wording says 'greater'",
        ),
        (
            'the number of rows where kind is "bug"',
            f"it reads as another program, {call('count', BUGS).canonical}",
        ),
        ('How many rows have kind "bug"?', "it says 'nothing more' where our wording says 'and'"),
    ],
)
def test_a_refusal_says_why(text: str, reason: str, zoo: Sheet) -> None:
    assert check_wording(text, HEAVY, zoo).reason == reason


def test_words_that_negate_quantify_or_combine_are_neither_fillers_nor_synonyms() -> None:
    decisive = {
        "not", "no", "or", "and", "at", "least", "most", "except", "without", "half", "first",
        "over", "among", "where", "per", "only", "all", "any", "every",
    }  # fmt: skip
    assert decisive.isdisjoint(FILLERS)
    assert decisive.isdisjoint(SYNONYMS)
