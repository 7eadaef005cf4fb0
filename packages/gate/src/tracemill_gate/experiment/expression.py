"""The success criterion of a card: a small closed language over the fields of evaluation.v1.

    criterion   NOT, AND, OR of comparisons           not (a < b or c < d) and e >= f
    comparison  SUM < SUM, also <= > >= == !=         two of them are joined with `and`
    sum         numbers and fields with + - * / ( )   pass_at_1.rate - baseline.pass_at_1.rate
    field       KEY.KEY or KEY["any key"]             by_family.modular_chain.rate
                `baseline.` in front: of the evaluation that is compared with
    number      at most 15 digits on each side of the point, no exponent

There are no names, calls, text, powers or attributes: what is written here can be computed, not
run. Every field is checked against the record before any evaluation is seen.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tracemill_gate.experiment.field import Keys, number_fault

MAX_TOKENS = 100
"""A criterion is a line that people agree on; the bound also keeps recursion shallow."""
MAX_DIGITS = 15
"""What a float of evaluation.v1 can hold exactly in decimal."""
BASELINE = "baseline"

Kind = Literal["number", "truth"]


@dataclass(frozen=True, kw_only=True)
class ExpressionFault:
    """A fault of a criterion.

    Attributes:
        column: Where, counted from 1 in characters.
        message: Wanted and got.
    """

    column: int
    message: str

    def __str__(self) -> str:
        return f"column {self.column}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of a criterion.

    Attributes:
        start: Offset of its first character in the criterion.
        end: Offset behind its last character.
    """

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Number(Node):
    """A literal number."""

    value: Fraction


@dataclass(frozen=True, kw_only=True)
class Field(Node):
    """A number of an evaluation, or of the baseline's."""

    keys: Keys
    of_baseline: bool


@dataclass(frozen=True, kw_only=True)
class Unary(Node):
    """``-`` of a number or ``not`` of a truth."""

    sign: str
    operand: Node


@dataclass(frozen=True, kw_only=True)
class Binary(Node):
    """Two operands; ``SIGNS`` says what they must be and what comes out."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class Sign:
    """What a sign between two operands does.

    Attributes:
        binds: The greater, the earlier it is computed.
        takes: What both operands must be.
        gives: What comes out.
    """

    binds: int
    takes: Kind
    gives: Kind


COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
SIGNS = {
    "or": Sign(binds=1, takes="truth", gives="truth"),
    "and": Sign(binds=2, takes="truth", gives="truth"),
    **dict.fromkeys(COMPARISONS, Sign(binds=4, takes="number", gives="truth")),
    **dict.fromkeys("+-", Sign(binds=5, takes="number", gives="number")),
    **dict.fromkeys("*/", Sign(binds=6, takes="number", gives="number")),
}
PREFIXES = {
    "not": Sign(binds=3, takes="truth", gives="truth"),
    "-": Sign(binds=7, takes="number", gives="number"),
}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z_]\w*(?:\.\w+|\["[^"\n]*"\])*)
    | (?P<sign><=|>=|==|!=|[-+*/<>()])
    )""",
    re.ASCII | re.VERBOSE,
)
_BLANK = " \t\n\r\f\v"
_KEY = re.compile(r'\.?(\w+)|\["([^"]*)"\]', re.ASCII)


def parse(text: str) -> tuple[Node | None, tuple[ExpressionFault, ...]]:
    """Read a criterion and check its types and fields.

    Returns:
        The criterion and no faults, or None and the faults: the first of its form, or all of its
        types and fields.
    """
    try:
        root = _Parser(text).criterion()
    except _Malformed as error:
        return None, (error.fault,)
    faults = tuple(sorted(_faults(root, "truth"), key=lambda fault: fault.column))
    return (None, faults) if faults else (root, ())


def kind_of(node: Node) -> Kind:
    """Tell whether a node is a number or a truth."""
    if isinstance(node, Unary):
        return PREFIXES[node.sign].gives
    return SIGNS[node.sign].gives if isinstance(node, Binary) else "number"


def fields_of(node: Node) -> Iterator[Field]:
    """Yield every field that a criterion names, from left to right."""
    if isinstance(node, Field):
        yield node
    for operand in _operands(node):
        yield from fields_of(operand)


def needs_baseline(node: Node) -> bool:
    """Tell whether a criterion names a field of the baseline."""
    return any(field.of_baseline for field in fields_of(node))


def _operands(node: Node) -> Sequence[Node]:
    if isinstance(node, Binary):
        return (node.left, node.right)
    return (node.operand,) if isinstance(node, Unary) else ()


def _faults(node: Node, wanted: Kind) -> Iterator[ExpressionFault]:
    if kind_of(node) != wanted:
        said = {"truth": "something true or false, such as a comparison", "number": "a number"}
        got = "something true or false" if wanted == "number" else "a number"
        message = f"wanted {said[wanted]}, got {got}"
        yield ExpressionFault(column=node.start + 1, message=message)
    if isinstance(node, Field) and (fault := number_fault(node.keys)):
        yield ExpressionFault(column=node.start + 1, message=fault)
    if isinstance(node, Unary | Binary):
        sign = PREFIXES[node.sign] if isinstance(node, Unary) else SIGNS[node.sign]
        for operand in _operands(node):
            yield from _faults(operand, sign.takes)


@dataclass(frozen=True, kw_only=True)
class _Token:
    """A piece of the text; the last one is empty."""

    form: str
    text: str
    start: int

    @property
    def said(self) -> str:
        return repr(self.text) if self.text else "the end"


class _Malformed(Exception):
    """The text is no criterion; carries the fault from the parser's depth to ``parse``."""

    def __init__(self, start: int, message: str) -> None:
        super().__init__(message)
        self.fault = ExpressionFault(column=start + 1, message=message)


class _Parser:
    """Precedence climbing: an operand, then every sign that binds more than the one before."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0

    def criterion(self) -> Node:
        """Return the whole text as one node."""
        root = self._above(0)
        if self._token.text:
            message = f"wanted an operator or the end, got {self._token.said}"
            raise _Malformed(self._token.start, message)
        return root

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._token
        self._next += 1
        return token

    def _above(self, least: int) -> Node:
        left = self._operand()
        while (sign := SIGNS.get(self._token.text)) and sign.binds > least:
            token = self._take()
            if token.text in COMPARISONS and isinstance(left, Binary) and left.sign in COMPARISONS:
                raise _Malformed(token.start, "wanted two comparisons joined with `and`")
            right = self._above(sign.binds)
            left = Binary(start=left.start, end=right.end, sign=token.text, left=left, right=right)
        return left

    def _operand(self) -> Node:
        token = self._take() if self._token.text else self._token
        end = token.start + len(token.text)
        if prefix := PREFIXES.get(token.text):
            operand = self._above(prefix.binds)
            return Unary(start=token.start, end=operand.end, sign=token.text, operand=operand)
        if token.form == "number":
            return Number(start=token.start, end=end, value=_value(token))
        if token.form == "word" and token.text not in SIGNS:
            return _field(token)
        if token.text == "(":
            return self._in_parentheses(token)
        raise _Malformed(token.start, f"wanted a number, a field or '(', got {token.said}")

    def _in_parentheses(self, opened: _Token) -> Node:
        inner = self._above(0)
        if self._token.text != ")":
            message = f"wanted ')' for the '(' of column {opened.start + 1}, got {self._token.said}"
            raise _Malformed(self._token.start, message)
        closed = self._take()
        return dataclasses.replace(inner, start=opened.start, end=closed.start + 1)


def _tokens(text: str) -> Iterator[_Token]:
    at, count, length = 0, 0, len(text.rstrip(_BLANK))
    while at < length:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            start = length - len(text[at:length].lstrip(_BLANK))
            message = f"no number, field or operator starts with {text[start]!r}"
            raise _Malformed(start, message)
        form, at = match.lastgroup, match.end()
        count += 1
        if count > MAX_TOKENS:
            raise _Malformed(match.start(form), f"wanted at most {MAX_TOKENS} parts, got more")
        yield _Token(form=form, text=match[form], start=match.start(form))
    yield _Token(form="end", text="", start=length)


def _value(token: _Token) -> Fraction:
    if any(len(digits) > MAX_DIGITS for digits in token.text.split(".")):
        message = f"wanted at most {MAX_DIGITS} digits on each side of the point"
        raise _Malformed(token.start, message)
    return Fraction(token.text)


def _field(token: _Token) -> Field:
    keys = tuple(plain or quoted for plain, quoted in _KEY.findall(token.text))
    of_baseline = len(keys) > 1 and keys[0] == BASELINE
    return Field(
        start=token.start,
        end=token.start + len(token.text),
        keys=keys[1:] if of_baseline else keys,
        of_baseline=of_baseline,
    )
