"""Programs while they are put together: expressions as nested calls, then nodes in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.operator import COLUMN_KEYS, Operator, columns_of
from tracemill_schema.canonical import Value, canonical_bytes
from tracemill_schema.program import Node, Program


@dataclass(frozen=True, kw_only=True)
class Expression:
    """One operation with its operands; a whole program is the expression of its answer.

    Attributes:
        op: Operator name.
        inputs: Operands, in order.
        parameters: Literals.
    """

    op: str
    inputs: tuple[Expression, ...]
    parameters: Mapping[str, Value]

    @property
    def operator(self) -> Operator:
        """The operator's definition."""
        return BY_NAME[self.op]

    @cached_property
    def canonical(self) -> str:
        """Text that is the same for two programs that mean the same.

        Commuting selections stand in one order and once each; literals stand as canonical JSON.
        """
        if self.operator.commutes:
            return self._canonical_selections()
        return self._call(tuple(operand.canonical for operand in self.inputs))

    @cached_property
    def skeleton(self) -> str:
        """The canonical form without literals other than column names."""
        columns = {k: v for k, v in self.parameters.items() if k in COLUMN_KEYS}
        inner = ",".join(operand.skeleton for operand in self.inputs)
        return f"{self.op}({inner};{canonical_bytes(columns).decode()})"

    @cached_property
    def depth(self) -> int:
        """Operators on the longest path; reading the table or a column does not count."""
        below = max((operand.depth for operand in self.inputs), default=0)
        return below + (self.op not in {"table", "column", "labels"})

    def using(self, *inputs: Expression) -> Expression:
        """Return the same operation on other operands."""
        return replace(self, inputs=inputs)

    def parts(self) -> tuple[Expression, ...]:
        """Return all distinct sub-expressions, operands before what reads them."""
        found: dict[str, Expression] = {}
        self._collect(found)
        return tuple(found.values())

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns that the program reads, in order of first use."""
        names = (name for part in self.parts() for name in columns_of(part.parameters))
        return tuple(dict.fromkeys(names))

    def nodes(self) -> tuple[Node, ...]:
        """Return the program's nodes in an order in which each reads earlier ones only."""
        parts = self.parts()
        position = {part.canonical: index for index, part in enumerate(parts)}
        return tuple(
            Node(
                op=part.op,
                inputs=tuple(position[operand.canonical] for operand in part.inputs),
                parameters=dict(part.parameters),
                type=part.operator.output,
            )
            for part in parts
        )

    def _collect(self, found: dict[str, Expression]) -> None:
        if self.canonical in found:
            return
        for operand in self.inputs:
            operand._collect(found)
        found[self.canonical] = self

    def _call(self, operands: tuple[str, ...]) -> str:
        literals = canonical_bytes(dict(self.parameters)).decode() if self.parameters else ""
        return f"{self.op}({','.join((*operands, literals)) if literals else ','.join(operands)})"

    def _canonical_selections(self) -> str:
        chain: list[str] = []
        below = self
        while below.operator.commutes:
            chain.append(below._call(()))
            below = below.inputs[0]
        return ".".join((below.canonical, *sorted(dict.fromkeys(chain))))


def call(op: str, *inputs: Expression, **parameters: Value) -> Expression:
    """Build an expression.

    Raises:
        KeyError: if there is no such operator.
        TypeError: if the operands do not have the operator's types.
    """
    operator = BY_NAME[op]
    types = tuple(operand.operator.output for operand in inputs)
    if types != operator.inputs:
        raise TypeError(f"{op} takes {operator.inputs}, got {types}")
    return Expression(op=op, inputs=inputs, parameters=parameters)


TABLE = call("table")
"""All rows."""


def expression_of(program: Program) -> Expression:
    """Return the expression that a stored program says."""
    built: list[Expression] = []
    for node in program.nodes:
        operands = (built[index] for index in node.inputs)
        built.append(call(node.op, *operands, **node.parameters))
    return built[program.result]
