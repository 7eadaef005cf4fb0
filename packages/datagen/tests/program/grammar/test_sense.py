"""What an operator may stand over."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.grammar.production import rules_of
from tracemill_datagen.program.grammar.sense import MEANT, MEASURED, is_meant
from tracemill_datagen.table.role import Roles


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        ("top_share", "group_sum", True),
        ("top_share", "group_mean", False),
        ("top_share", "group_share", False),
        ("running_share", "series_mean", False),
        ("argmax_group", "group_count", False),
        ("argmin_group", "group_count", True),
        ("groups_max", "group_max", False),
        ("groups_mean", "group_share", False),
        ("period_count", "series_sum", False),
        ("count", "top_rows", False),
        ("count", "outlier_rows", True),
        ("column", "empty_rows", False),
        ("mean", "column", True),
    ],
)
def test_totals_want_totals_and_one_thing_is_asked_in_one_way(
    *, operator: str, operand: str, expected: bool
) -> None:
    assert is_meant(operator, operand) is expected


def test_the_grammar_builds_only_what_is_meant() -> None:
    roles = frozenset(MEASURED.values())
    rules = rules_of(frozenset(BY_NAME) | roles)
    for (operator, *_), found in rules.of_operator.items():
        for rule in found:
            operands = {
                key[0] for below in rule.below for key in rules.of_type.get(below, (below,))
            }
            if rule.form == "apply":
                assert all(is_meant(operator, each) for each in operands), (operator, operands)
            if rule.form == "measured":
                assert rule.detail == MEASURED[operator]


def test_every_name_is_an_operator_or_a_role() -> None:
    names = {*MEANT, *MEASURED, *(name for names in MEANT.values() for name in names)}
    assert names <= BY_NAME.keys()
    assert set(MEASURED.values()) <= {*Roles.__dataclass_fields__}
