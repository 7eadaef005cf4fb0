"""All operators of the grammar, in one visible tuple.

To add one: write it in the file of its group (or copy that file), put it into that file's
``OPERATORS``, and add a line to the table of cases in ``tests/program/test_catalogue.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracemill_datagen.program.operator import Operator
from tracemill_datagen.program.operators import (
    aggregate,
    columnwise,
    condition,
    contingency,
    crosstab,
    decision,
    discovery,
    distribution,
    empty,
    gap,
    group,
    group_shape,
    lookup,
    nonparametric,
    outlier,
    period,
    rank,
    regression,
    relation,
    scalar,
    select,
    series,
    significance,
    spread,
)

OPERATORS: tuple[Operator, ...] = (
    *select.OPERATORS,
    *rank.OPERATORS,
    *aggregate.OPERATORS,
    *group.OPERATORS,
    *relation.OPERATORS,
    *scalar.OPERATORS,
    *lookup.OPERATORS,
    *crosstab.OPERATORS,
    *empty.OPERATORS,
    *decision.OPERATORS,
    *period.OPERATORS,
    *series.OPERATORS,
    *gap.OPERATORS,
    *condition.OPERATORS,
    *spread.OPERATORS,
    *outlier.OPERATORS,
    *group_shape.OPERATORS,
    *significance.OPERATORS,
    *nonparametric.OPERATORS,
    *contingency.OPERATORS,
    *regression.OPERATORS,
    *distribution.OPERATORS,
    *columnwise.OPERATORS,
    *discovery.OPERATORS,
)

BY_NAME: Mapping[str, Operator] = {operator.name: operator for operator in OPERATORS}
