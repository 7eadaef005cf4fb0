"""All operators of the grammar, in one visible tuple.

To add one: write it in the file of its group (or copy that file), put it into that file's
``OPERATORS``, and add a line to the table of cases in ``tests/program/test_catalogue.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracemill_datagen.program import aggregate, group, rank, relation, scalar, select
from tracemill_datagen.program.operator import Operator

OPERATORS: tuple[Operator, ...] = (
    *select.OPERATORS,
    *rank.OPERATORS,
    *aggregate.OPERATORS,
    *group.OPERATORS,
    *relation.OPERATORS,
    *scalar.OPERATORS,
)

BY_NAME: Mapping[str, Operator] = {operator.name: operator for operator in OPERATORS}
