from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracemill_schema.answer import AnswerSpec, Synonyms, judge, near_rounding_edge, rounded, show
from tracemill_schema.canonical import Value

INTEGER = AnswerSpec(kind="integer")
TWO = AnswerSpec(kind="number", decimals=2)
PERCENT = AnswerSpec(kind="number", decimals=1, unit="%")
EXACT = AnswerSpec(kind="number")
NEAR = AnswerSpec(kind="number", relative_tolerance=0.01)
TEXT = AnswerSpec(kind="string")
ORDERED = AnswerSpec(kind="list", item=TEXT)
BAG = AnswerSpec(kind="list", order=False, item=INTEGER)
SET = AnswerSpec(kind="set", item=TEXT)
MAPPING = AnswerSpec(kind="mapping", item=TWO)
NONE = AnswerSpec(kind="number", decimals=1, null_meaning="none")
DATE = AnswerSpec(kind="date")
TABLE = AnswerSpec(kind="table", item=INTEGER)
DOLLARS = AnswerSpec(kind="number", decimals=2, unit="$")
EUROS = AnswerSpec(kind="number", decimals=2, unit="€")
NAMED = AnswerSpec(kind="mapping", item=TEXT)
COUNTRY = AnswerSpec(
    kind="string",
    synonyms=(
        Synonyms(
            meaning="us",
            texts=("USA", "U.S."),
        ),
    ),
)

RIGHT: tuple[tuple[AnswerSpec, Value, Value], ...] = (
    (INTEGER, 42, "42"),
    (INTEGER, 42, " 42. "),
    (INTEGER, 42, "42.0"),
    (INTEGER, 1234, "1,234"),
    (INTEGER, -3, "\N{MINUS SIGN}3"),
    (INTEGER, 1_000_000_000, "1000000000"),
    (TWO, 0.46, "0.46"),
    (TWO, 0.46, "0.4567"),
    (TWO, 0.46, 0.4567),
    (TWO, 0.46, ".46"),
    (TWO, 1000.0, "1e3"),
    (PERCENT, 12.5, "12.5 %"),
    (PERCENT, 12.5, "12.5"),
    (EXACT, 0.1, "0.1"),
    (NEAR, 100.0, "100.9"),
    (TEXT, "Adelie", '"adelie"'),
    (TEXT, "New  York", "new york"),
    (TEXT, "21", "21"),
    (AnswerSpec(kind="boolean"), True, "yes"),
    (AnswerSpec(kind="boolean"), False, "False"),
    (AnswerSpec(kind="date"), "2024-03-09", "9 March 2024"),
    (AnswerSpec(kind="date"), "2024-03-09", "2024-03-09 00:00:00"),
    (ORDERED, ["a", "b"], "a, b"),
    (ORDERED, ["a", "b"], '["A", "B"]'),
    (BAG, [1, 1, 2], "[2, 1, 1]"),
    (SET, ["a", "b"], "b, a, b"),
    (MAPPING, {"x": 1.25}, '{"X": "1.254"}'),
    (NONE, None, "none"),
    (NONE, None, None),
    (TABLE, [[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
    (COUNTRY, "us", "USA"),
    (DOLLARS, 5.0, "$5"),
    (DOLLARS, -5.0, "-$5"),
    (DOLLARS, -5.0, "$-5"),
    (DOLLARS, 5.0, "5 $"),
    (EUROS, 5.0, "€5"),
    (EUROS, 5.0, "+€5.00"),
    (ORDERED, ["1", "2"], [1, 2]),
    (ORDERED, ["1", "2"], "[1, 2]"),
    (ORDERED, ["1.50", "12345678901234567890123"], "[1.50, 12345678901234567890123]"),
    (ORDERED, ["true", "no"], '[true, "no"]'),
    (NAMED, {"x": "1"}, '{"x": 1}'),
    (TEXT, ".", "."),
    (NEAR, 1e300, "1.001e300"),
    (TWO, 0.0, "1e-9999"),
    (INTEGER, 10**18, "1e18"),
)

WRONG: tuple[tuple[AnswerSpec, Value, Value, str], ...] = (
    (INTEGER, 42, "43", "wrong: expected 42, got 43"),
    (INTEGER, 1, "21", "wrong: expected 1, got 21"),
    (INTEGER, 42, "42 or 43", "wrong: expected one number, got 42 or 43"),
    (INTEGER, 42, "about 42", "wrong: expected one number, got about 42"),
    (INTEGER, 42, "42.5", "wrong: expected an integer, got 42.5"),
    (INTEGER, 1, True, "wrong: expected a number, got true"),
    (INTEGER, 5, "-5", "wrong: expected 5, got -5"),
    (INTEGER, 1_000_000_000, "1000000001", "wrong: expected 1000000000, got 1000000001"),
    (INTEGER, 42, "", "wrong: expected one number, got "),
    (INTEGER, 42, "nan", "wrong: expected one number, got nan"),
    (TWO, 0.46, "0.55", "wrong: expected 0.46 to 2 decimals, got 0.55"),
    (TWO, 0.11, "0.02", "wrong: expected 0.11 to 2 decimals, got 0.02"),
    (TWO, 0.46, "46 %", "wrong: expected one number, got 46 %"),
    (TWO, 0.0, "0.01", "wrong: expected 0.0 to 2 decimals, got 0.01"),
    (EXACT, 0.1, "0.10000001", "wrong: expected 0.1, got 0.10000001"),
    (NEAR, 100.0, "101.1", "wrong: expected 100.0, got 101.1"),
    (TEXT, "1", "21", "wrong: expected 1, got 21"),
    (TEXT, "Adelie", "Gentoo", "wrong: expected Adelie, got Gentoo"),
    (TEXT, "1", 1, "wrong: expected text, got 1"),
    (TEXT, ".", "", "wrong: expected ., got "),
    (TEXT, "'", "...", "wrong: expected ', got ..."),
    (DOLLARS, 5.0, "€5", "wrong: expected one number, got €5"),
    (EUROS, 5.0, "$5", "wrong: expected one number, got $5"),
    (TWO, 5.0, "$5", "wrong: expected one number, got $5"),
    (TWO, 1.0, "1" * 40, "wrong: expected 1.0 to 2 decimals, got " + "1" * 40),
    (TWO, 1.0, "1e30", "wrong: expected 1.0 to 2 decimals, got 1e30"),
    (INTEGER, 1, "1" * 40, "wrong: expected 1, got " + "1" * 40),
    (NEAR, 1.0, "1e30", "wrong: expected 1.0, got 1e30"),
    (TWO, 1.0, "1e9999", "wrong: expected a number of at most 400 digits, got 1e9999"),
    (INTEGER, 1, "1e9999", "wrong: expected a number of at most 400 digits, got 1e9999"),
    (TWO, 1.0, "1e999999", "wrong: expected one number, got 1e999999"),
    (TWO, 1.0, float("inf"), "wrong: expected one number, got null"),
    (INTEGER, 1, 2**70, "wrong: expected 1, got what JSON with 64-bit integers cannot hold"),
    (
        BAG,
        [1],
        "[" * 300 + "]" * 300,
        "wrong: expected a number, got what JSON with 64-bit integers cannot hold",
    ),
    (BAG, [1], "[NaN]", "wrong: expected one number, got NaN"),
    (AnswerSpec(kind="boolean"), True, 1.05, "wrong: expected true or false, got 1.05"),
    (AnswerSpec(kind="boolean"), True, "no", "wrong: expected true, got no"),
    (
        AnswerSpec(kind="date"),
        "2024-03-09",
        "2024-09-03",
        "wrong: expected 2024-03-09, got 2024-09-03",
    ),
    (
        AnswerSpec(kind="date"),
        "2024-03-09",
        "03/09/2024",
        "wrong: expected a date such as 2024-03-09, got 03/09/2024",
    ),
    (ORDERED, ["a", "b"], "b, a", 'wrong: expected ["a","b"], got b, a'),
    (ORDERED, ["a"], "a, a", 'wrong: expected ["a"], got a, a'),
    (BAG, [1, 1, 2], "[1, 2, 2]", "wrong: expected [1,1,2], got [1, 2, 2]"),
    (SET, ["a", "b"], "a", 'wrong: expected ["a","b"], got a'),
    (MAPPING, {"x": 1.25}, '{"y": 1.25}', 'wrong: expected {"x":1.25}, got {"y": 1.25}'),
    (MAPPING, {"x": 1.25}, "x: 1.25", "wrong: expected a mapping of names to values, got x: 1.25"),
    (NONE, None, "0", "wrong: expected null to 1 decimal, got 0"),
    (NONE, 1.0, "none", "wrong: expected 1.0 to 1 decimal, got none"),
    (SET, [], "", "wrong: expected a list, got "),
    (BAG, [1], '{"a": 1}', 'wrong: expected a list, got {"a": 1}'),
    (
        MAPPING,
        {"x": 1.25},
        '{"x": 1, "x": 1.25}',
        'wrong: expected a mapping of names to values, got {"x": 1, "x": 1.25}',
    ),
    (INTEGER, 42, "42\n43", "wrong: expected 42, got 42\n43"),
    (INTEGER, 42, "42\nor 43", "wrong: expected one number, got or 43"),
    (TWO, 0.46, "0.4567 ≈ 0.55", "wrong: expected 0.46 to 2 decimals, got 0.4567 ≈ 0.55"),
    (TWO, "0.4567 ≈ 0.55", "0.46", "wrong: expected 0.4567 ≈ 0.55 to 2 decimals, got 0.46"),
    (INTEGER, 42, "42.5 = 42.5", "wrong: expected an integer, got 42.5 = 42.5"),
    (
        TABLE,
        [[1, 2], [3, 4]],
        "[[3, 4], [1, 2]]",
        "wrong: expected [[1,2],[3,4]], got [[3, 4], [1, 2]]",
    ),
)


@pytest.mark.parametrize(("spec", "gold", "said"), RIGHT)
def test_a_right_answer_is_accepted(spec: AnswerSpec, gold: Value, said: Value) -> None:
    outcome = judge(spec, gold, said)
    assert outcome.correct, outcome.reason


@pytest.mark.parametrize(("spec", "gold", "said", "reason"), WRONG)
def test_a_wrong_answer_is_refused_with_the_reason(
    spec: AnswerSpec, gold: Value, said: Value, reason: str
) -> None:
    outcome = judge(spec, gold, said)
    assert not outcome.correct
    assert outcome.reason == reason


@pytest.mark.parametrize(("spec", "gold", "_"), RIGHT)
def test_what_show_writes_is_accepted(spec: AnswerSpec, gold: Value, _: Value) -> None:
    assert judge(spec, gold, show(gold)).correct


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.675, 2, 2.68),
        (-0.5, 0, -1),
        (0.125, 2, 0.13),
        (-0.001, 2, 0.0),
        (3, 1, 3.0),
        (1e30, 12, 1e30),
        (-1.7e308, 2, -1.7e308),
        (1e30, 0, 10**30),
    ],
)
def test_rounding_is_half_away_from_zero_of_the_shortest_form(
    value: float, decimals: int, expected: float
) -> None:
    assert rounded(value, decimals) == expected
    assert str(rounded(value, decimals)) == str(expected)


@pytest.mark.parametrize(
    ("value", "near"),
    [
        (0.125, True),
        (0.1250000000001, True),
        (0.1251, False),
        (7.0, False),
        (1e307, True),
        (-1e307, True),
        (float("inf"), True),
        (float("nan"), True),
        (2.0**53, True),
    ],
)
def test_values_on_a_rounding_edge_are_found(value: float, *, near: bool) -> None:
    assert near_rounding_edge(value, 2) is near


def test_no_text_makes_the_judge_raise_or_wait() -> None:
    texts = ["9" * 5000, "-" + "9" * 200_000, "1e-9999", "0." + "0" * 9000 + "1", "[" * 9000, "{"]
    texts += [
        "1" + " " * 20_000 + "x",
        "the answer is" + " " * 20_000,
        "\\text{" * 900 + "}" * 900,
    ]
    texts += [unit * 4_000 for unit in ("=", "8,", "'a,", "`", "8\n", "8;", "\\frac{", "^{", "²")]
    for spec in (INTEGER, TWO, NEAR, TEXT, BAG, SET, MAPPING, TABLE, DATE):
        gold: Value = {"x": 1.0} if spec is MAPPING else "2024-03-09" if spec is DATE else 7
        gold = [[7]] if spec is TABLE else [7] if spec in (BAG, SET) else gold
        gold = "seven" if spec is TEXT else gold
        for text in texts:
            assert not judge(spec, gold, text).correct


SPECS: tuple[tuple[AnswerSpec, Value], ...] = (
    (INTEGER, 42),
    (TWO, 0.46),
    (EXACT, 0.1),
    (NEAR, 100.0),
    (PERCENT, 12.5),
    (DOLLARS, 5.0),
    (TEXT, "Adelie"),
    (AnswerSpec(kind="boolean"), True),
    (DATE, "2024-03-09"),
    (ORDERED, ["a", "b"]),
    (BAG, [1, 1, 2]),
    (SET, ["a", "b"]),
    (MAPPING, {"x": 1.25}),
    (TABLE, [[1, 2], [3, 4]]),
    (NONE, None),
)
"""A spec of each kind, with an answer."""

WORDS = ("42", "0.46", "e9", "**", "```", "\\boxed{", "\\frac{", "^{", "answer is ", "and ")
FRAGMENTS = st.sampled_from((*WORDS, *"-,.%$[]{}()'\"`=≈/²;a \n"))
TEXTS = st.one_of(st.text(max_size=40), st.lists(FRAGMENTS, max_size=20).map("".join))
NUMBERS = st.floats(-1e9, 1e9).map(lambda value: round(value, 6))
"""Below 2**53 units of the sixth decimal: of larger ones no question is asked."""


@given(TEXTS)
def test_any_text_is_judged_with_a_reason(text: str) -> None:
    for spec, gold in SPECS:
        outcome = judge(spec, gold, text)
        assert outcome.reason.startswith("correct" if outcome.correct else "wrong: ")


@given(TEXTS, TEXTS)
def test_two_answers_of_one_question_can_be_compared(left: str, right: str) -> None:
    for spec, _ in SPECS:
        assert judge(spec, left, right).reason


@given(st.integers(0, 6), NUMBERS)
@example(2, 1e9)
@example(0, -0.4)
def test_gold_printed_at_its_own_precision_is_accepted_and_a_unit_off_is_refused(
    decimals: int, value: float
) -> None:
    spec = AnswerSpec(kind="number", decimals=decimals)
    gold = float(rounded(value, decimals))
    printed = Decimal(f"{gold:.{decimals}f}")
    unit = Decimal(1).scaleb(-decimals)
    assert judge(spec, gold, f"{printed}").correct
    assert judge(spec, gold, f"{printed:,}").correct
    assert not judge(spec, gold, f"{printed + unit}").correct
    assert not judge(spec, gold, f"{printed - unit}").correct


@given(st.integers(-(10**15), 10**15))
def test_only_the_same_integer_is_accepted(gold: int) -> None:
    for said in (f"{gold}", f"{gold:,}", f"{gold:,}".replace(",", " "), f"{gold}.0", f"**{gold}**"):
        assert judge(INTEGER, gold, said).correct, said
    for said in (f"{gold + 1}", f"{gold - 1}", f"{gold} or {gold}", f"1{abs(gold)}", f"{gold}.5"):
        assert not judge(INTEGER, gold, said).correct, said


@given(st.data(), st.lists(st.floats(99, 105).map(lambda value: round(value, 1)), max_size=8))
def test_every_permutation_of_an_unordered_list_is_accepted(
    data: st.DataObject, golds: list[float]
) -> None:
    for item in (TWO, NEAR, EXACT):
        spec = AnswerSpec(kind="list", order=False, item=item)
        turned = data.draw(st.permutations(golds))
        assert judge(spec, golds, show(turned)).correct
        assert not judge(spec, golds, show([*turned, 1.0])).correct


@given(st.permutations(["a", "b", "c", "d"]))
def test_an_ordered_list_has_one_permutation(turned: list[str]) -> None:
    assert judge(ORDERED, ["a", "b", "c", "d"], show(turned)).correct == (
        turned == ["a", "b", "c", "d"]
    )


@given(st.integers(0, 3), *[st.integers(-200, 200).map(lambda n: n / 1000)] * 2)
@example(2, 0.12, 0.125)
def test_neither_side_is_favoured_where_no_tolerance_is_relative(
    decimals: int, left: float, right: float
) -> None:
    for item in (AnswerSpec(kind="number", decimals=decimals), EXACT):
        lists = AnswerSpec(kind="list", order=False, item=item)
        for spec, a, b in ((item, left, right), (lists, [left, right], [right, left])):
            assert judge(spec, a, b).correct == judge(spec, b, a).correct


@given(st.text(min_size=1, max_size=20))
def test_a_label_is_accepted_as_it_stands(label: str) -> None:
    assert judge(TEXT, label, label).correct
    assert judge(TEXT, label, f" {label} ").correct
    assert not judge(TEXT, label, f"{label}x").correct
