"""Programs while they are put together: expressions as nested calls, then nodes in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.kept import kept
from tracemill_datagen.program.normal import decision, reduced
from tracemill_datagen.program.operator import COLUMN_KEYS, Operator, columns_of
from tracemill_schema.canonical import Value, canonical_bytes, encode_finite
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

    @kept
    def operator(self) -> Operator:
        """The operator's definition."""
        return BY_NAME[self.op]

    @kept
    def canonical(self) -> str:
        """Text that is the same for two programs that mean the same.

        Commuting selections stand in one order, without those that others of them imply; the
        columns of a symmetric relation and operands that may be exchanged stand in one order, as
        do the branches of a decision (``normal.py``). Literals stand as canonical JSON.
        """
        return _written(self, skeleton=False)

    @kept
    def skeleton(self) -> str:
        """The canonical form without literals other than column names."""
        return _written(self, skeleton=True)

    @kept
    def depth(self) -> int:
        """Operators on the longest path; reading the table or a column does not count."""
        below = max((operand.depth for operand in self.inputs), default=0)
        return below + (self.op not in {"table", "column", "labels"})

    def using(self, *inputs: Expression) -> Expression:
        """Return the same operation on other operands."""
        return Expression(op=self.op, inputs=inputs, parameters=self.parameters)

    def walk(self) -> list[Expression]:
        """Return all sub-expressions, operands before what reads them, repeated ones each time."""
        found: list[Expression] = []
        left = [self]
        while left:
            part = left.pop()
            found.append(part)
            left.extend(part.inputs)
        return found[::-1]

    def parts(self) -> tuple[Expression, ...]:
        """Return all distinct sub-expressions, operands before what reads them."""
        return self._parts

    @kept
    def _parts(self) -> tuple[Expression, ...]:
        if len(self.inputs) == 1:
            below = self.inputs[0].parts()
            # A repeated or implied selection has the canonical form of its operand.
            return below if self.canonical == self.inputs[0].canonical else (*below, self)
        found: dict[str, Expression] = {}
        self._put(found)
        return tuple(found.values())

    def _put(self, found: dict[str, Expression]) -> None:
        """Add the parts that are not there yet; of two that mean the same the second adds none."""
        if self.canonical in found:
            return
        for operand in self.inputs:
            operand._put(found)
        found.setdefault(self.canonical, self)

    @kept
    def columns(self) -> tuple[str, ...]:
        """The names of all columns that the program reads, in order of first use."""
        names = dict.fromkeys(name for operand in self.inputs for name in operand.columns)
        if self.parameters:
            names.update(dict.fromkeys(columns_of(self.parameters)))
        return tuple(names)

    @kept
    def operators(self) -> frozenset[str]:
        """The names of all operators in it, those of repeated selections included."""
        return frozenset((self.op,)).union(*(operand.operators for operand in self.inputs))

    @kept
    def keys(self) -> frozenset[str]:
        """The names of all parameters in it, those of repeated selections included."""
        return frozenset(self.parameters).union(*(operand.keys for operand in self.inputs))

    def nodes(self) -> tuple[Node, ...]:
        """Return the program's nodes in an order in which each reads earlier ones only."""
        parts = self.parts()
        position = {part.canonical: index for index, part in enumerate(parts)}
        return tuple(
            _node(
                part.op,
                tuple([position[operand.canonical] for operand in part.inputs]),
                _json(part.parameters),
            )
            for part in parts
        )

    @kept
    def _literals(self) -> str:
        """The parameters as canonical JSON, those that may change places in one order."""
        return _json(self._ordered) if self.parameters else ""

    @kept
    def _names(self) -> str:
        """The same of the columns' names alone."""
        if not self.parameters:
            return ""
        names = {key: value for key, value in self._ordered.items() if key in COLUMN_KEYS}
        return _json(names) if names else ""

    @property
    def _ordered(self) -> Mapping[str, Value]:
        exchanged = self.operator.symmetric
        if not exchanged:
            return self.parameters
        values = sorted(str(self.parameters[key]) for key in exchanged)
        return {**self.parameters, **dict(zip(exchanged, values, strict=True))}


def _written(expression: Expression, *, skeleton: bool) -> str:
    """Write an expression over the written forms of its operands."""
    operator, inputs = expression.operator, expression.inputs
    if operator.commutes:
        return _selected(expression, skeleton=skeleton)
    own = expression._names if skeleton else expression._literals
    if operator.decides and inputs[0].op in {"is_greater", "is_below"}:
        flag, *branches = inputs
        limit = flag._names if skeleton else flag._literals
        condition, turned = decision(
            flag.op,
            _operands(flag.inputs, skeleton=skeleton),
            f",{limit}" if limit else "",
            _operands(branches, skeleton=skeleton),
        )
        return _applied(expression.op, (condition, *turned), own)
    below = _operands(inputs, skeleton=skeleton)
    if operator.exchanges:
        below.sort()
    return _applied(expression.op, below, own)


def _selected(expression: Expression, *, skeleton: bool) -> str:
    """Write rows that end in commuting selections, which stand in one order after the rows."""
    chain = [expression]
    bottom = expression.inputs[0]
    while bottom.operator.commutes:
        chain.append(bottom)
        bottom = bottom.inputs[0]
    if len(chain) > 1:
        kept_steps = reduced([(part.op, part.parameters) for part in chain])
        chain = [part for part in chain if (part.op, part.parameters) in kept_steps]
    written = {f"{part.op}({part._names if skeleton else part._literals})" for part in chain}
    return ".".join((bottom.skeleton if skeleton else bottom.canonical, *sorted(written)))


def _operands(parts: Sequence[Expression], *, skeleton: bool) -> list[str]:
    if skeleton:
        return [part.skeleton for part in parts]
    return [part.canonical for part in parts]


def _applied(op: str, operands: Sequence[str], literals: str) -> str:
    return f"{op}({','.join((*operands, literals) if literals else operands)})"


@lru_cache(maxsize=8192)
def _node(op: str, inputs: tuple[int, ...], literals: str) -> Node:
    """Return a validated node; programs of a table share many of theirs, and they are frozen."""
    return Node(op=op, inputs=inputs, parameters=orjson.loads(literals), type=BY_NAME[op].output)


def _json(parameters: Mapping[str, Value]) -> str:
    """Return canonical JSON; what is not finite would be written as null, so null is looked at."""
    written = encode_finite(parameters)
    return (canonical_bytes(parameters) if b"null" in written else written).decode()


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
