"""A program in English that can be read back (``program/wording/parsing.py``).

Short programs are one phrase, "the mean of mass over the rows where ..."; longer ones name what
they reckon with: "let A be the rows where .... Let B be the mean of mass over the rows of A. What
is ...". Which wordings and which style are chosen depends on the program and the random numbers
alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random
from string import ascii_uppercase

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.datum import ValueType
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.wording.pattern import Pattern, Slot, patterns_of
from tracemill_datagen.program.wording.vocabulary import column_words, value_words

THE = "the "
ALL_ROWS = "all rows"
BARE_ROWS = "rows"
ROWS_WHERE = "the rows where "
AND = " and "
AMONG = " among "

READS: Mapping[ValueType, str] = {"numbers": "column", "labels": "labels"}
"""Operators that only read a column; of all rows they are one word."""

TRIVIAL = frozenset({"table", *READS.values()})
"""Operators that are never named as steps, nor counted."""

REFERENCES: Mapping[ValueType, str] = {
    "rows": "the rows of {}",
    "groups": "the value of {}",
    "numbers": "the values of {}",
    "labels": "the values of {}",
    "flag": "{} holds",
}
"""How a step is spoken of by its letter; values of other types by the letter alone."""

CONDITION = "the condition that "
"""Before the definition of a flag: "let A be the condition that ..."."""

SHORT = 3
"""Up to so many operators a program is one phrase."""

LONG = 6
"""From so many operators on it is told in steps; in between a random number decides."""


def phrase_of(expression: Expression, rng: Random | None = None) -> str:
    """Return the noun phrase that names an expression's value, without rounding or conventions.

    Args:
        expression: A program or a part of one.
        rng: Chooses among each operator's wordings; without it each first one is taken.
    """
    return _Writer(rng, {}, said=False).phrase(expression)


def sentence_of(expression: Expression, rng: Random) -> str:
    """Return the question's clause without its mark: "what is the mean of mass".

    Longer programs and decisions are told in steps: "let A be ... . Let B be ... . What is ...".
    """
    steps = steps_of(expression)
    size = sum(part.op not in TRIVIAL for part in expression.parts())
    decides = any(part.operator.decides for part in expression.parts())
    if not steps or size <= SHORT or (size < LONG and rng.random() < 0.5 and not decides):
        return _asked(expression, phrase_of(expression, rng))
    return _told(expression, steps, rng)


def steps_sentence(expression: Expression, rng: Random | None = None) -> str:
    """Return the question's clause with its steps named, however short the program is."""
    return _told(expression, steps_of(expression), rng)


def _told(expression: Expression, steps: Sequence[Expression], rng: Random | None) -> str:
    names: dict[str, str] = {}
    writer = _Writer(rng, names, said=True)
    lines: list[str] = []
    for letter, part in zip(ascii_uppercase, steps, strict=False):
        is_flag = CONDITION if part.operator.output == "flag" else ""
        lines.append(f"let {letter} be {is_flag}{writer.phrase(part)}")
        names[part.canonical] = letter
    lines.append(_asked(expression, writer.phrase(expression)))
    return ". ".join((lines[0], *(line[0].upper() + line[1:] for line in lines[1:])))


def steps_of(expression: Expression) -> tuple[Expression, ...]:
    """Return the parts that are named in steps: what is read twice, or would stand in brackets.

    One operator on the table or on a step, and two in a condition or a decision, stay in brackets:
    "the condition that (the mean of mass over all rows) is above 3".
    """
    parts = expression.parts()
    readers: Counter[str] = Counter()
    for part in parts:
        if part.op not in TRIVIAL:
            for name in {operand.canonical for operand in _operands(part)}:
                readers[name] += 1
    most: dict[str, int] = {}
    for part in parts:
        roomy = part.operator.output == "flag" or part.operator.decides or _is_condition(part)
        for operand in _in_brackets(part):
            alone = operand.operator.decides or operand.operator.output == "flag"
            fits = 0 if alone else 1 + roomy
            most[operand.canonical] = min(fits, most.get(operand.canonical, fits))
    sizes: dict[str, int] = {}
    steps = []
    for part in parts:
        name, trivial = part.canonical, part.op in TRIVIAL
        size = (not trivial) + sum(sizes[c] for c in {o.canonical for o in part.inputs})
        named = not trivial and (readers[name] > 1 or size > most.get(name, size))
        sizes[name] = 0 if named else size
        if named:
            steps.append(part)
    return tuple(steps)


def _operands(part: Expression) -> Iterator[Expression]:
    """Yield what a phrase reads: conditions read the rows below them all, columns their rows."""
    for index, operand in enumerate(part.inputs):
        if operand.op in READS.values():
            yield operand.inputs[0]
        elif index or not _is_condition(part) or not _is_condition(operand):
            yield operand


def _in_brackets(part: Expression) -> Iterator[Expression]:
    """Yield operands that would stand in brackets, and rows of several conditions."""
    slots = _bracketed(part.op)
    for index, operand in enumerate(part.inputs):
        chained = index == 0 and _is_condition(part)
        compound = not chained and operand.operator.output == "rows" and bool(operand.inputs)
        if (
            index in slots
            or _starts_open(operand.op)
            or (compound and operand.inputs[0].op != "table")
        ):
            yield operand


def _asked(expression: Expression, phrase: str) -> str:
    if expression.operator.output == "flag":
        return f"is it true that {phrase}"
    return f"what {'are' if expression.operator.output == 'list' else 'is'} {phrase}"


class _Writer:
    """Writes expressions.

    Attributes:
        rng: Chooses wordings, or None for the first.
        names: Canonical form -> letter of the steps that are defined already.
        said: True where "over all rows" must not go without saying.
    """

    def __init__(self, rng: Random | None, names: Mapping[str, str], *, said: bool) -> None:
        self._rng = rng
        self._names = names
        self._said = said
        self._wordings: dict[str, Pattern] = {}

    def phrase(self, expression: Expression) -> str:
        """Return an expression's phrase, its letter not used for itself."""
        if expression.op == "table":
            return ALL_ROWS
        if _is_condition(expression):
            return self._conditions(expression)
        return self._filled(self._chosen(expression.op), expression)

    def named(self, expression: Expression) -> str:
        """Return an expression's phrase, or how its step is spoken of."""
        letter = self._names.get(expression.canonical) if self._names else None
        if letter is None:
            return self.phrase(expression)
        return REFERENCES.get(expression.operator.output, "{}").format(letter)

    def _conditions(self, expression: Expression) -> str:
        said, self._said = self._said, True
        conditions = []
        bottom = expression
        while _is_condition(bottom) and (bottom is expression or not self._has_name(bottom)):
            conditions.append(self._filled(self._chosen(bottom.op), bottom))
            bottom = bottom.inputs[0]
        self._said = said
        text = ROWS_WHERE + AND.join(reversed(conditions))
        return text if bottom.op == "table" else f"{text}{AMONG}{self.named(bottom)}"

    def _has_name(self, expression: Expression) -> bool:
        return bool(self._names) and expression.canonical in self._names

    def _chosen(self, name: str) -> Pattern:
        """Return the operator's wording, the same wherever it stands in one text."""
        if name not in self._wordings:
            patterns = _patterns(name)
            if self._rng is None or len(patterns) == 1:
                self._wordings[name] = patterns[0]
            else:
                self._wordings[name] = patterns[self._rng.randrange(len(patterns))]
        return self._wordings[name]

    def _filled(self, pattern: Pattern, expression: Expression) -> str:
        elided = pattern.whole >= 0 and not self._said
        pieces = pattern.pieces
        if elided and expression.inputs[pattern.whole].op == "table":
            pieces = pattern.short
        return "".join(
            [piece if isinstance(piece, str) else self._slot(piece, expression) for piece in pieces]
        )

    def _slot(self, slot: Slot, expression: Expression) -> str:
        if slot.kind == "operand":
            return self._operand(slot, expression.inputs[slot.operand])
        value = expression.parameters[slot.key]
        if slot.kind == "column":
            return column_words(str(value))
        words = expression.operator.words.get(slot.key)
        return value_words(value) if words is None else words[value]  # type: ignore[index]

    def _operand(self, slot: Slot, operand: Expression) -> str:
        text = self.named(operand)
        if _starts_open(operand.op) and not self._has_name(operand):
            return f"({text})"
        if slot.bare:
            text = BARE_ROWS if operand.op == "table" else text.removeprefix(THE)
        if not slot.bracketed or operand.op == "table" or self._has_name(operand):
            return text
        if operand.op in TRIVIAL and text == column_words(str(operand.parameters["column"])):
            return text
        return f"({text})"


@cache
def _patterns(name: str) -> tuple[Pattern, ...]:
    return patterns_of(BY_NAME[name])


def _is_condition(expression: Expression) -> bool:
    return _condition(expression.op)


@cache
def _condition(name: str) -> bool:
    return _patterns(name)[0].condition


@cache
def _starts_open(name: str) -> bool:
    return any(pattern.starts_open for pattern in _patterns(name))


@cache
def _bracketed(name: str) -> frozenset[int]:
    """Return the operands that stand in brackets in some wording and are worth a name."""
    return frozenset(
        piece.operand
        for pattern in _patterns(name)
        for piece in pattern.pieces
        if isinstance(piece, Slot) and piece.bracketed
    )
