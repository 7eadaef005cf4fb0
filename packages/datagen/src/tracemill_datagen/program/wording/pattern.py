"""The language of wordings: an operator's English as data, read in both directions.

A pattern is text with slots and at most one part that may go without saying:

    {0} {1}       an operand's phrase. Rows, groups, series and columns stand as they are where they
                  are the only operand and end the text; all else that is more than one word
                  stands in brackets, so that no text reads in two ways. The writer puts the
                  brackets, a pattern never does.
    {0:bare}      the same without its leading "the": "the number of {0:bare}".
    {column} {n}  a parameter: a column's name (for ``COLUMN_KEYS``), a number, text in quotes, or
                  the words that the operator's ``words`` gives for its value. It may stand twice.
    [ over {0}]   is left out where the operand is all rows. Inside a condition and in steps it is
                  said ("over all rows"), for there it would be in doubt.
    where ...     at the start: a condition on the cells of one row. Operand 0, the rows, is not
                  named: conditions are joined, "the rows where A and B among the 3 rows with ...".
                  What depends on which rows are left (ranks, shares) is no condition; it is worded
                  as rows: "the {n} rows with the largest {column}[ among {0}]".

Phrases start with "the" unless they start with an operand, groups too: "the mean of {column} per
{by}[ over {0}]", so that "the group with the highest {0:bare}" reads well. A flag is a sentence
without "whether": "{0} is greater than {1}". What starts with an operand ("{0} minus {1}") always
stands in brackets, or is a step of its own. Good patterns keep what is long to the end. Every word
of a pattern is a word of the vocabulary: a column of that name is quoted.

Both the writer (``wording.py``) and the parser (``parsing.py``) read patterns only in the compiled
form that is made here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from tracemill_datagen.program.datum import ValueType
from tracemill_datagen.program.operator import COLUMN_KEYS, Operator
from tracemill_schema.canonical import Value

WHERE = "where "

END = "."
"""Ends a sentence; no pattern holds it outside of a number."""

BARE_AT_END = frozenset({"rows", "groups", "series", "numbers", "labels"})
"""Types whose phrases need no brackets at the end of a pattern; others stand in brackets."""

_SLOT = re.compile(r"\{(\w+)(:bare)?\}")
_PART = re.compile(r"\[([^\[\]]*)\]")
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"'  # quoted
    r"|(?:(?<![^\s(\[,])-)?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z_])"  # a number
    r"|\w+"  # a word
    r"|\S"
)


@dataclass(frozen=True)
class Slot:
    """A place in a pattern.

    Attributes:
        key: The parameter's name, or the operand's index as text.
        kind: What stands there.
        operand: Index of the operand, or -1.
        type: Type of the operand, or None.
        bare: True if the operand stands without its "the".
        bracketed: True if an operand of more than one word stands in brackets.
    """

    key: str
    kind: Literal["operand", "column", "literal"]
    operand: int = -1
    type: ValueType | None = None
    bare: bool = False
    bracketed: bool = False


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern.

    Attributes:
        pieces: Literal text and slots, in order; without the leading "where " of a condition.
        elided: Positions of the pieces, from (inclusive) and to (exclusive), that may be left out;
            (0, 0) if none.
        whole: Operand that is all rows where they are left out, or -1.
        condition: True if the pattern is a condition.
    """

    pieces: tuple[str | Slot, ...]
    elided: tuple[int, int]
    whole: int
    condition: bool

    @property
    def starts_open(self) -> bool:
        """True if the text starts with an operand and so has to stand in brackets."""
        first = self.pieces[0]
        return not self.condition and isinstance(first, Slot) and first.kind == "operand"

    @cached_property
    def short(self) -> tuple[str | Slot, ...]:
        """The pieces without the part that may be left out."""
        start, end = self.elided
        return (*self.pieces[:start], *self.pieces[end:])


def tokens_of(text: str) -> list[str]:
    """Split text into words, numbers, quoted texts and single signs; blanks fall away.

    A minus belongs to a number only after a blank, a comma or an opening bracket ("top-5").
    """
    return _TOKEN.findall(text)


@cache
def _compiled(text: str, inputs: tuple[ValueType, ...], name: str) -> Pattern:
    condition = text.startswith(WHERE)
    text = text.removeprefix(WHERE)
    parts = _PART.split(text)
    if len(parts) not in {1, 3}:
        raise ValueError(f"{name}: a pattern has one part in brackets at most: {text!r}")
    if END in tokens_of(text):
        raise ValueError(f"{name}: a full stop ends a sentence, no pattern holds one: {text!r}")
    operands = {key for key, _ in _SLOT.findall(text) if key.isdigit()}
    last = _SLOT.fullmatch(text[text.rfind("{") :].removesuffix("]"))
    ends = last is not None and operands == {last[1]} and not condition
    pieces: list[str | Slot] = []
    cuts: list[int] = []
    for part in parts:
        pieces.extend(_pieces(part, inputs, ends=ends))
        cuts.append(len(pieces))
    if len(parts) == 1:
        return Pattern(tuple(pieces), (0, 0), -1, condition)
    within = [p for p in pieces[cuts[0] : cuts[1]] if isinstance(p, Slot)]
    if len(within) != 1 or within[0].type != "rows":
        raise ValueError(f"{name}: what may go without saying is one operand of rows: {text!r}")
    return Pattern(tuple(pieces), (cuts[0], cuts[1]), within[0].operand, condition)


def _pieces(text: str, inputs: tuple[ValueType, ...], *, ends: bool) -> Iterator[str | Slot]:
    start = 0
    for match in _SLOT.finditer(text):
        if match.start() > start:
            yield text[start : match.start()]
        key, bare = match[1], bool(match[2])
        if key.isdigit():
            kind = inputs[int(key)]
            bracketed = not (ends and kind in BARE_AT_END)
            yield Slot(key, "operand", int(key), kind, bare, bracketed)
        else:
            yield Slot(key, "column" if key in COLUMN_KEYS else "literal")
        start = match.end()
    if start < len(text):
        yield text[start:]


def patterns_of(operator: Operator) -> tuple[Pattern, ...]:
    """Return an operator's wordings, compiled.

    Raises:
        ValueError: if a wording is no pattern of this language.
        IndexError: if it names an operand that the operator does not have.
    """
    return tuple(_compiled(text, operator.inputs, operator.name) for text in operator.wordings)


Variant = tuple[tuple[str | Slot, ...], Mapping[str, Value], int]
"""Pieces, parameters that their words decide, and the operand that is all rows or -1."""


def variants_of(operator: Operator, pattern: Pattern) -> Iterator[Variant]:
    """Yield the texts of a pattern: with and without what may be left out, in all its words."""
    forms = [(pattern.pieces, -1)]
    if pattern.whole >= 0:
        forms.append((pattern.short, pattern.whole))
    for pieces, whole in forms:
        keys = [key for key in operator.words if any(_holds(piece, key) for piece in pieces)]
        for said in itertools.product(*(operator.words[key].items() for key in keys)):
            words = {key: text for key, (_, text) in zip(keys, said, strict=True)}
            fixed = {key: value for key, (value, _) in zip(keys, said, strict=True)}
            yield tuple(_said(piece, words) for piece in pieces), fixed, whole


def _holds(piece: str | Slot, key: str) -> bool:
    return isinstance(piece, Slot) and piece.key == key


def _said(piece: str | Slot, words: Mapping[str, str]) -> str | Slot:
    return words[piece.key] if isinstance(piece, Slot) and piece.key in words else piece
