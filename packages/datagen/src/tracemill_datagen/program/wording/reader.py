"""Reads phrases: goes down the trees of patterns (``tree.py``) as far as a text does."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tracemill_datagen.program.datum import VALUE_TYPES, ValueType
from tracemill_datagen.program.draft import TABLE, Expression
from tracemill_datagen.program.wording.pattern import Slot, tokens_of
from tracemill_datagen.program.wording.tree import Branch, End, forest
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import (
    ALL_ROWS,
    AMONG,
    AND,
    BARE_ROWS,
    READS,
    REFERENCES,
    ROWS_WHERE,
    THE,
)
from tracemill_schema.canonical import Value, canonical_bytes
from tracemill_schema.errors import RecordError

_ALL_ROWS = tuple(tokens_of(ALL_ROWS))
_ROWS_WHERE = tuple(tokens_of(ROWS_WHERE))
_AND, _AMONG, _THE = AND.strip(), AMONG.strip(), THE.strip()

_LAST = "\n"
"""Stands after a text's last token; no token is white space."""

Read = tuple[int, Expression]
"""Where a phrase ends (exclusive) and what it says."""


class _Found(NamedTuple):
    """A pattern that was read: where it ends, and what stood in its slots."""

    stop: int
    end: End
    inputs: Mapping[int, Expression]
    parameters: Mapping[str, Value]

    def expression(self, rows: Expression | None = None) -> Expression:
        """Build the expression; ``rows`` are those that a condition is joined to."""
        end = self.end
        given = dict(self.inputs)
        if rows is not None:
            given[0] = rows
        if end.whole >= 0:
            given[end.whole] = TABLE
        inputs = (
            tuple(given.values())
            if len(given) < 2
            else tuple(given[index] for index in sorted(given))
        )
        parameters = {**self.parameters, **end.fixed} if end.fixed else self.parameters
        return Expression(op=end.operator.name, inputs=inputs, parameters=parameters)


class Reader:
    """Reads one text; what was read at a place is remembered.

    Attributes:
        tokens: The text.
        steps: Letter -> what it was defined to be, in all readings.
    """

    def __init__(self, tokens: Sequence[str], columns: Container[str]) -> None:
        self.tokens = (*tokens, _LAST)
        self.steps: dict[str, tuple[Expression, ...]] = {}
        self._columns = columns
        self._trees = forest()
        self._known: dict[tuple[ValueType, int, bool], list[Read]] = {}

    def whole(self, start: int, stop: int, kinds: Sequence[ValueType]) -> tuple[Expression, ...]:
        """Return what the text from ``start`` to ``stop`` says, one of each canonical form."""
        found = (
            self._named(kinds[0], start, bare=False) if len(kinds) == 1 else self._anything(start)
        )
        said = [e for end, e in found if end == stop and e.operator.output in kinds]
        return tuple({e.canonical: e for e in said}.values()) if len(said) > 1 else tuple(said)

    def says(self, words: tuple[str, ...], at: int) -> bool:
        """Tell whether these words stand at a place."""
        return self.tokens[at : at + len(words)] == words

    def _anything(self, at: int) -> list[Read]:
        """Read a phrase of any type, in one walk."""
        found: list[_Found] = []
        self._follow(self._trees["any"], at, {}, {}, found)
        read = [(one.stop, one.expression()) for one in found]
        if self.steps:
            for kind in _SPOKEN[self.tokens[at] == _THE]:
                read.extend(self._steps(kind, at, bare=False))
        return [*read, *self._rows(at, bare=False)]

    def _named(self, kind: ValueType, at: int, *, bare: bool) -> list[Read]:
        """Read a phrase or how a step is spoken of."""
        key = (kind, at, bare)
        if key not in self._known:
            found = self._phrases(kind, at, bare=bare)
            if self.steps:
                found = [*found, *self._steps(kind, at, bare=bare)]
            self._known[key] = found
        return self._known[key]

    def _phrases(self, kind: ValueType, at: int, *, bare: bool) -> list[Read]:
        tree = self._trees[kind]
        found: list[_Found] = []
        if bare and _THE in tree.words:
            self._follow(tree.words[_THE], at, {}, {}, found)
        if not bare or not self.says((_THE,), at):
            self._follow(tree, at, {}, {}, found)
        read = [(one.stop, one.expression()) for one in found]
        return [*read, *self._rows(at, bare=bare)] if kind == "rows" else read

    def _steps(self, kind: ValueType, at: int, *, bare: bool) -> list[Read]:
        before, after = _REFERENCES[kind, bare]
        if before and self.tokens[at] != before[0]:
            return []
        place = at + len(before)
        name = self.tokens[place] if place < len(self.tokens) else _LAST
        if name not in self.steps or not self.says(before, at) or not self.says(after, place + 1):
            return []
        stop = place + 1 + len(after)
        return [(stop, step) for step in self.steps[name] if step.operator.output == kind]

    def _rows(self, at: int, *, bare: bool) -> list[Read]:
        """Read all rows, or "the rows where A and B among ...": conditions in their order."""
        words = _ROWS_WHERE[1:] if bare else _ROWS_WHERE
        found = [(at + 1, TABLE)] if bare and self.says((BARE_ROWS,), at) else []
        if not self.says(words, at):
            return found
        for stop, conditions in self._conditions(at + len(words)):
            found.append((stop, _joined(TABLE, conditions)))
            if self.says((_AMONG,), stop):
                below = self._named("rows", stop + 1, bare=False)
                found.extend((end, _joined(rows, conditions)) for end, rows in below)
        return found

    def _conditions(self, at: int) -> Iterator[tuple[int, tuple[_Found, ...]]]:
        first: list[_Found] = []
        self._follow(self._trees["condition"], at, {}, {}, first)
        for one in first:
            yield one.stop, (one,)
            if self.says((_AND,), one.stop):
                for stop, others in self._conditions(one.stop + 1):
                    yield stop, (one, *others)

    def _follow(
        self,
        branch: Branch,
        at: int,
        inputs: Mapping[int, Expression],
        parameters: Mapping[str, Value],
        found: list[_Found],
    ) -> None:
        """Go down the tree as far as the text does and collect the patterns that end."""
        tokens = self.tokens
        while True:
            if branch.ends:
                found.extend([_Found(at, end, inputs, parameters) for end in branch.ends])
            below = branch.words.get(tokens[at])
            if branch.slots:
                break
            if below is None:
                return
            branch, at = below, at + 1
        if below is not None:
            self._follow(below, at + 1, inputs, parameters, found)
        for slot, after in branch.slots.items():
            if slot.kind == "operand":
                for stop, operand in self._operand(slot, at):
                    self._follow(after, stop, {**inputs, slot.operand: operand}, parameters, found)
            else:
                for stop, value in self._parameter(slot, at, parameters.get(slot.key)):
                    self._follow(after, stop, inputs, {**parameters, slot.key: value}, found)

    def _operand(self, slot: Slot, at: int) -> Sequence[Read]:
        kind, tokens = slot.type, self.tokens
        if kind is None:
            return ()
        if tokens[at] == "(":
            # "the" stands there only if it is that of a first operand: "(the rows of A if ...".
            bare = slot.bare and tokens[at + 1] != _THE
            inside = self._named(kind, at + 1, bare=bare)
            return [(stop + 1, operand) for stop, operand in inside if tokens[stop] == ")"]
        if not slot.bracketed:
            return self._named(kind, at, bare=slot.bare)
        alone = self._alone(kind, at, bare=slot.bare)
        return [*self._steps(kind, at, bare=slot.bare), *alone] if self.steps else alone

    def _alone(self, kind: ValueType, at: int, *, bare: bool) -> Sequence[Read]:
        """Read what needs no brackets where others do: all rows, or a column of all rows."""
        if kind == "rows":
            words = (BARE_ROWS,) if bare else _ALL_ROWS
            return [(at + len(words), TABLE)] if self.says(words, at) else ()
        if kind not in READS:
            return ()
        return [
            (stop, Expression(op=READS[kind], inputs=(TABLE,), parameters={"column": name}))
            for stop, name in self._column(at)
        ]

    def _parameter(self, slot: Slot, at: int, before: Value) -> Sequence[tuple[int, Value]]:
        """Read a parameter; one that stood ``before`` must be the same again."""
        found = self._column(at) if slot.kind == "column" else self._literal(at)
        if before is None:
            return found
        return [each for each in found if type(each[1]) is type(before) and each[1] == before]

    def _literal(self, at: int) -> Sequence[tuple[int, Value]]:
        word, stop = self.tokens[at], at + 1
        if word == "[" and "]" in self.tokens[at:]:
            stop = self.tokens.index("]", at) + 1
        value = _json("".join(self.tokens[at:stop]))
        return () if value is None else [(stop, value)]

    def _column(self, at: int) -> Sequence[tuple[int, Value]]:
        word = self.tokens[at]
        name = _json(word) if word[0] == '"' else word
        if name in self._columns and (word[0] == '"' or column_words(word) == word):
            return [(at + 1, name)]
        return ()


def _reference(kind: ValueType, *, bare: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before, after = REFERENCES.get(kind, "{}").split("{}")
    return tuple(tokens_of(before.removeprefix(THE) if bare else before)), tuple(tokens_of(after))


_REFERENCES = {
    (kind, bare): _reference(kind, bare=bare) for kind in VALUE_TYPES for bare in (False, True)
}
"""(type, without "the") -> words before and after a step's letter."""

_SPOKEN = tuple(
    tuple(kind for kind in VALUE_TYPES if REFERENCES.get(kind, "{}").startswith(THE) == with_the)
    for with_the in (False, True)
)
"""Types of steps that are spoken of without "the", and with it."""


def _joined(rows: Expression, conditions: Sequence[_Found]) -> Expression:
    for condition in conditions:
        rows = condition.expression(rows)
    return rows


_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


@lru_cache(maxsize=4096)
def _json(text: str) -> Value:
    """Read a literal; None if it is none (no operator has an empty one), or no finite number."""
    if text[0].isalpha() and text not in {"true", "false"}:
        return None
    try:
        value: Value = _DECODER.decode(text)
        canonical_bytes(value)
    except (ValueError, RecordError):
        return None
    return value
