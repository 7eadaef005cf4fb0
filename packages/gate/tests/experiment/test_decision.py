"""Criteria decided on real evaluations, with both sides of every comparison shown."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from tracemill_gate.errors import NoVerdict
from tracemill_gate.experiment.decision import Pair, decide, shown
from tracemill_gate.experiment.expression import parse
from tracemill_gate.experiment.field import Measured
from tracemill_schema.evaluation import Evaluation

Edit = Callable[..., Evaluation]

# pass_at_1 of the example: 273 of 300, 0.91 [0.8722229892013517, 0.9374097743945206]
POOR = {"n": 300, "hits": 30, "rate": 0.1, "low": 0.0710, "high": 0.1390}
NONE = {"n": 0, "hits": 0, "rate": 0.0, "low": 0.0, "high": 1.0}


@pytest.fixture
def pair(evaluation: Edit) -> Pair:
    """The example against one of the same questions with a rate of 0.1."""
    return Pair(
        evaluation=Measured(name="ours.json", evaluation=evaluation()),
        baseline=Measured(
            name="theirs.json",
            evaluation=evaluation(pass_at_1=POOR, step_validity=NONE, by_family={}),
        ),
    )


DECIDED = [
    (
        "pass_at_1.low > baseline.pass_at_1.high",
        ["pass_at_1.low 0.8722 > baseline.pass_at_1.high 0.139: holds"],
        True,
    ),
    ("pass_at_1.low >= 0.95", ["pass_at_1.low 0.8722 >= 0.95: does not hold"], False),
    ("not pass_at_1.low >= 0.95", ["pass_at_1.low 0.8722 >= 0.95: does not hold"], True),
    ("n_items == 300", ["n_items 300 == 300: holds"], True),
    ("n_items != 300", ["n_items 300 != 300: does not hold"], False),
    ("pass_at_1.rate <= 0.91", ["pass_at_1.rate 0.91 <= 0.91: holds"], True),
    ("pass_at_1.rate < 0.91", ["pass_at_1.rate 0.91 < 0.91: does not hold"], False),
    (
        "pass_at_1.rate - baseline.pass_at_1.rate >= 0.81",
        ["pass_at_1.rate - baseline.pass_at_1.rate 0.81 >= 0.81: holds"],
        True,
    ),
    (
        "pass_at_1.hits / (n_items - 200) * -2 < -1/3",
        ["pass_at_1.hits / (n_items - 200) * -2 -5.46 < -1/3 -0.3333: holds"],
        True,
    ),
    (
        'by_difficulty["6"].rate > 0.5 and by_family.modular_chain.n >= 500',
        [
            'by_difficulty["6"].rate 0.91 > 0.5: holds',
            "by_family.modular_chain.n 300 >= 500: does not hold",
        ],
        False,
    ),
    # Every comparison is shown, also where the whole is known without it.
    (
        "n_items > 1 or (n_items > 999 and 1 < 2)",
        ["n_items 300 > 1: holds", "n_items 300 > 999: does not hold", "1 < 2: holds"],
        True,
    ),
    # Two numbers that differ are not shown as one.
    (
        "pass_at_1.low >= 0.87222",
        ["pass_at_1.low 0.8722229892013517 >= 0.87222: holds"],
        True,
    ),
    (
        "pass_at_1.low > 0.8722 + 0",
        ["pass_at_1.low 0.8722229892013517 > 0.8722 + 0 0.8722: holds"],
        True,
    ),
    ("baseline.step_validity.n == 0", ["baseline.step_validity.n 0 == 0: holds"], True),
]


@pytest.mark.parametrize(("text", "lines", "holds"), DECIDED, ids=[case[0] for case in DECIDED])
def test_a_criterion_is_decided_with_its_values(
    pair: Pair, text: str, lines: list[str], *, holds: bool
) -> None:
    criterion, _ = parse(text)
    assert criterion is not None
    decision = decide(criterion, text, pair)
    assert [str(compared) for compared in decision.comparisons] == lines
    assert decision.holds is holds


UNDECIDED = [
    (
        "by_family.percent.rate > 0.5",
        "ours.json: by_family has no key 'percent'; it has: modular_chain",
    ),
    (
        "baseline.by_family.percent.rate > 0.5",
        "theirs.json: by_family has no key 'percent'; it has: none",
    ),
    (
        "n_items > 1 or by_family.percent.rate > 0.5",
        "ours.json: by_family has no key 'percent'; it has: modular_chain",
    ),
    (
        "step_validity.low > baseline.step_validity.high",
        "theirs.json: step_validity is a rate over 0 items: nothing was judged, so it says nothing",
    ),
    (
        "pass_at_1.rate / baseline.step_validity.n > 2",
        "ours.json and theirs.json: cannot divide by baseline.step_validity.n, which is 0",
    ),
    (
        "1 / (n_items - 300) > 2",
        "ours.json: cannot divide by (n_items - 300), which is 0",
    ),
    ("1 / 0 > 2", "cannot divide by 0, which is 0"),
]


@pytest.mark.parametrize(("text", "message"), UNDECIDED)
def test_what_cannot_be_computed_gives_no_verdict(pair: Pair, text: str, message: str) -> None:
    criterion, _ = parse(text)
    assert criterion is not None
    with pytest.raises(NoVerdict) as caught:
        decide(criterion, text, pair)
    assert str(caught.value) == message


def test_a_criterion_with_a_baseline_needs_one(pair: Pair) -> None:
    text = "n_items > baseline.n_items"
    criterion, _ = parse(text)
    assert criterion is not None
    with pytest.raises(NoVerdict, match=r"names a baseline, and ours\.json is compared with none"):
        decide(criterion, text, Pair(evaluation=pair.evaluation, baseline=None))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(12345), "12345"),
        (Fraction(-1, 3), "-0.3333"),
        (Fraction("0.9873570287754538"), "0.9874"),
        (Fraction(10) ** 1500, "1.000e+1500"),
        (Fraction(0), "0"),
    ],
)
def test_numbers_are_shown_for_people(value: Fraction, text: str) -> None:
    assert shown(value) == text
