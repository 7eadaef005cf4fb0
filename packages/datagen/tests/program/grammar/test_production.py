"""The rules: sizes, depths and which operators may stand over which."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.grammar.production import (
    COMPARED,
    LIMITED,
    MAX_DECISIONS,
    MAX_DEPTH,
    MAX_SIZE,
    Rules,
    rules_of,
)

ALL = frozenset(BY_NAME)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rules_of(ALL)


def test_operands_are_there_and_smaller(rules: Rules) -> None:
    for (symbol, depth, size, decisions), found in rules.of_operator.items():
        assert depth <= size <= MAX_SIZE
        assert depth <= MAX_DEPTH
        assert decisions <= MAX_DECISIONS
        for rule in found:
            for key in rule.below:
                assert key in rules.of_operator or key in rules.of_type
                assert key[2] < size or symbol in {"column", "labels"}


def test_every_type_key_stands_for_operators(rules: Rules) -> None:
    for key, stands_for in rules.of_type.items():
        assert stands_for
        assert all(each in rules.of_operator and each[1:] == key[1:] for each in stands_for)


@pytest.mark.parametrize("op", sorted(COMPARED))
def test_comparisons_compare_what_they_may(rules: Rules, op: str) -> None:
    found = {
        rule.below[0][0]
        for (symbol, *_), listed in rules.of_operator.items()
        if symbol == op
        for rule in listed
    }
    assert found
    assert found <= COMPARED[op]


def test_conditions_against_literals_read_what_a_person_knows(rules: Rules) -> None:
    found = {rule.below[0][0] for listed in rules.of_operator.values() for rule in listed
             if rule.form == "limit"}  # fmt: skip
    assert found == LIMITED


def test_no_decision_stands_in_a_condition_or_in_a_comparison(rules: Rules) -> None:
    for listed in rules.of_operator.values():
        for rule in listed:
            if rule.form in {"contrast", "part", "limit"}:
                assert rule.below[0][3] == 0
            if rule.form == "choice":
                assert (rule.below[0][3], rule.below[2][3]) == (0, 0)


def test_without_an_operator_nothing_is_built_of_it() -> None:
    fewer = rules_of(ALL - {"column", "filter_equal"})
    symbols = {key[0] for key in fewer.of_operator}
    assert symbols.isdisjoint({"column", "mean", "difference", "ratio", "is_greater"})
    assert {"table", "count", "group_mean"} <= symbols
