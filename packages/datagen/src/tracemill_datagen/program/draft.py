"""Programs while they are put together: expressions as nested calls, then nodes in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.normal import decision, reduced
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

        Commuting selections stand in one order, without those that others of them imply; the
        columns of a symmetric relation and operands that may be exchanged stand in one order, as
        do the branches of a decision (``normal.py``). Literals stand as canonical JSON.
        """
        return self._written(lambda part: part.canonical, lambda part: part._ordered)

    @cached_property
    def skeleton(self) -> str:
        """The canonical form without literals other than column names."""
        return self._written(
            lambda part: part.skeleton,
            lambda part: {k: v for k, v in part._ordered.items() if k in COLUMN_KEYS},
        )

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
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Expression, ...]:
        if len(self.inputs) == 1:
            below = self.inputs[0].parts()
            # A repeated or implied selection has the canonical form of its operand.
            return below if self.canonical == self.inputs[0].canonical else (*below, self)
        found = {part.canonical: part for operand in self.inputs for part in operand.parts()}
        found.setdefault(self.canonical, self)
        return tuple(found.values())

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns that the program reads, in order of first use."""
        names = dict.fromkeys(name for operand in self.inputs for name in operand.columns)
        if self.parameters:
            names.update(dict.fromkeys(columns_of(self.parameters)))
        return tuple(names)

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

    @cached_property
    def _ordered(self) -> Mapping[str, Value]:
        """The parameters, those that may change places in one order."""
        exchanged = self.operator.symmetric
        if not exchanged:
            return self.parameters
        values = sorted(str(self.parameters[key]) for key in exchanged)
        return {**self.parameters, **dict(zip(exchanged, values, strict=True))}

    def _written(
        self,
        operand: Callable[[Expression], str],
        parameters: Callable[[Expression], Mapping[str, Value]],
    ) -> str:
        if self.operator.decides and self.inputs[0].op in {"is_greater", "is_below"}:
            flag, *branches = self.inputs
            condition, turned = decision(
                flag.op,
                [operand(part) for part in flag.inputs],
                "".join(f",{text}" for text in _literals(parameters(flag))),
                [operand(part) for part in branches],
            )
            return _applied(self.op, (condition, *turned), parameters(self))
        if not self.operator.commutes:
            below = [operand(part) for part in self.inputs]
            if self.operator.exchanges:
                below.sort()
            return _applied(self.op, below, parameters(self))
        chain: list[Expression] = []
        bottom = self
        while bottom.operator.commutes:
            chain.append(bottom)
            bottom = bottom.inputs[0]
        if len(chain) == 1:
            return f"{operand(bottom)}.{_applied(self.op, (), parameters(self))}"
        kept = reduced([(part.op, part.parameters) for part in chain])
        written = {_applied(part.op, (), parameters(part)) for part in chain
                   if (part.op, part.parameters) in kept}  # fmt: skip
        return ".".join((operand(bottom), *sorted(written)))


def _applied(op: str, operands: Sequence[str], parameters: Mapping[str, Value]) -> str:
    return f"{op}({','.join((*operands, *_literals(parameters)))})"


def _literals(parameters: Mapping[str, Value]) -> list[str]:
    return [canonical_bytes(parameters).decode()] if parameters else []


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
