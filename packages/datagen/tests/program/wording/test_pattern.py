"""The pattern language of wordings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracemill_datagen.program.catalogue import BY_NAME, OPERATORS
from tracemill_datagen.program.operator import Operator
from tracemill_datagen.program.wording.pattern import Slot, patterns_of, tokens_of, variants_of

MEAN, COUNT, STD, RATIO = (BY_NAME[name] for name in ("mean", "count", "std", "ratio"))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("the mean of x_1", ["the", "mean", "of", "x_1"]),
        ('kind is "a \\"b\\" (c)"', ["kind", "is", '"a \\"b\\" (c)"']),
        ("-2, -0.5 and 1e-7.", ["-2", ",", "-0.5", "and", "1e-7", "."]),
        ("n - 1 (-3) top-5", ["n", "-", "1", "(", "-3", ")", "top", "-", "5"]),
        ("the 3rd größe", ["the", "3rd", "größe"]),
        ("[1,-2]", ["[", "1", ",", "-2", "]"]),
        ('a " alone', ["a", '"', "alone"]),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(
    ("operator", "wording", "bracketed"),
    [
        (COUNT, "the number of {0:bare}", {"0": False}),
        (COUNT, "the number of rows[ among {0}]", {"0": False}),
        (COUNT, "the number of {0} there are", {"0": True}),
        (COUNT, "the number of {0} with a {column}", {"0": True}),
        (RATIO, "{0} divided by {1}", {"0": True, "1": True}),
        (BY_NAME["filter_above"], "where {column} is greater than {1}", {"1": True}),
    ],
)
def test_operands_stand_in_brackets_unless_they_alone_end_the_text(
    operator: Operator, wording: str, bracketed: dict[str, bool]
) -> None:
    (pattern,) = patterns_of(replace(operator, wordings=(wording,)))
    slots = [piece for piece in pattern.pieces if isinstance(piece, Slot)]
    assert {s.key: s.bracketed for s in slots if s.kind == "operand"} == bracketed


def test_what_goes_without_saying_is_all_rows() -> None:
    (pattern,) = patterns_of(replace(COUNT, wordings=("the number of rows[ among {0}]",)))
    assert pattern.whole == 0
    assert pattern.short == ("the number of rows",)
    assert [whole for _, _, whole in variants_of(COUNT, pattern)] == [-1, 0]


def test_parameters_that_are_said_in_words_decide_the_words() -> None:
    pattern = patterns_of(STD)[0]
    texts = {
        str(fixed["ddof"]): "".join(piece for piece in pieces if isinstance(piece, str))
        for pieces, fixed, _ in variants_of(STD, pattern)
    }
    assert texts == {
        "0": "the standard deviation (ddof = 0, dividing by n) of ",
        "1": "the standard deviation (ddof = 1, dividing by n - 1) of ",
    }


@pytest.mark.parametrize(
    ("wording", "message"),
    [
        ("the count[ of {0}][ in {0}]", "mean: a pattern has one part in brackets at most: "),
        ("the mean of[ {column}]{0}", "mean: what may go without saying is one operand of rows: "),
        ("the mean[ of {0}]", "mean: what may go without saying is one operand of rows: "),
        ("the mean of {0}. Good", "mean: a full stop ends a sentence, no pattern holds one: "),
    ],
)
def test_what_is_no_pattern_is_refused(wording: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        patterns_of(replace(MEAN, wordings=(wording,)))
    assert str(caught.value).endswith(repr(wording))


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_operator_is_worded_by_patterns_of_one_kind(operator: Operator) -> None:
    patterns = patterns_of(operator)
    assert patterns
    assert len({pattern.condition for pattern in patterns}) == 1
    for pattern in patterns:
        slots = [piece for piece in pattern.pieces if isinstance(piece, Slot)]
        named = {slot.operand for slot in slots if slot.kind == "operand"}
        assert named == set(range(pattern.condition, len(operator.inputs)))
        assert {slot.key for slot in slots if slot.kind != "operand"} == {
            piece.key
            for piece in patterns[0].pieces
            if isinstance(piece, Slot) and piece.kind != "operand"
        }


@pytest.mark.parametrize(
    ("operator", "wording", "starts_open"),
    [
        (RATIO, "{0} divided by {1}", True),
        (RATIO, "the ratio of {0} to {1}", False),
        (BY_NAME["column"], "{column}[ over {0}]", False),
        (BY_NAME["filter_above"], "where {1} is less than {column}", False),
    ],
)
def test_only_a_text_that_starts_with_an_operand_is_open(
    operator: Operator, wording: str, *, starts_open: bool
) -> None:
    (pattern,) = patterns_of(replace(operator, wordings=(wording,)))
    assert pattern.starts_open == starts_open
