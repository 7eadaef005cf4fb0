"""The tuple of operators."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.catalogue import BY_NAME, OPERATORS
from tracemill_datagen.program.datum import VALUE_TYPES
from tracemill_datagen.program.operator import Operator


def test_at_least_twelve_operators_of_distinct_names() -> None:
    assert len(BY_NAME) == len(OPERATORS) >= 12


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_operator_is_typed_and_reachable_from_the_table(operator: Operator) -> None:
    assert operator.output in VALUE_TYPES
    assert all(kind in VALUE_TYPES for kind in operator.inputs)
    assert bool(operator.inputs) == (operator.name != "table")
    assert operator.selects <= (operator.output == "rows")
    assert operator.commutes <= operator.selects
