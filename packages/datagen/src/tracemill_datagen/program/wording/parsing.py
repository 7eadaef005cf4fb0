"""English to programs: the inverse of ``program/wording/wording.py``, for every wording and style.

All readings of a text are found, not only the first: a text that two programs would give is told
as two (``readings``), and one reading is exact (``parse``).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import VALUE_TYPES, ValueType
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.wording.pattern import END, tokens_of
from tracemill_datagen.program.wording.reader import Reader
from tracemill_datagen.program.wording.vocabulary import STEP
from tracemill_datagen.program.wording.wording import CONDITION, READS, sentence_of
from tracemill_datagen.table.sheet import Sheet

ASKED: tuple[ValueType, ...] = tuple(kind for kind in VALUE_TYPES if kind not in READS)
"""What a whole text may name; a column alone does not say whether numbers or labels are meant."""

MARKS = " .?"
"""What may stand after a text."""

_OPENINGS = (("what", "is"), ("what", "are"), ("is", "it", "true", "that"))
_CONDITION = tuple(tokens_of(CONDITION))
_NAMED = tuple(kind for kind in VALUE_TYPES if kind != "flag")


def parse(text: str, sheet: Sheet, output: ValueType | None = None) -> Expression:
    """Return the one program that a text of ours says.

    Args:
        text: A phrase, or a question's clause in either style, with or without its mark.
        sheet: The table that it is about.
        output: Type of the value that a phrase names; needed for columns, else found out.

    Raises:
        Rejected: ``not_our_wording`` if there is no reading, ``two_readings`` if there are more.
    """
    found = readings(text, sheet, output)
    if not found:
        raise Rejected("not_our_wording", text)
    if len(found) > 1:
        raise Rejected("two_readings", " | ".join(program.canonical for program in found))
    return found[0]


def sentence_that_reads_back(expression: Expression, sheet: Sheet, rng: Random) -> str:
    """Return a program's question (``sentence_of``) after reading it back.

    Raises:
        Rejected: ``misread`` if the text says another program, else as ``parse``. No pattern should
            let this happen; a pattern that does loses the question, not its meaning.
    """
    text = sentence_of(expression, rng)
    found = parse(text, sheet, expression.operator.output)
    if found.canonical != expression.canonical:
        raise Rejected("misread", f"{text!r} says {found.canonical}")
    return text


def readings(text: str, sheet: Sheet, output: ValueType | None = None) -> tuple[Expression, ...]:
    """Return all programs that a text says, one of each canonical form; none if it is not ours."""
    try:
        return _read(tokens_of(text.rstrip(MARKS)), sheet, output)
    except RecursionError:
        # A text may be a model's; thousands of open brackets are none of ours.
        return ()


def _read(tokens: list[str], sheet: Sheet, output: ValueType | None) -> tuple[Expression, ...]:
    reader = Reader(tokens, sheet.positions)
    start = 0
    while _lower(tokens, start) == "let":
        start = _definition(reader, start)
        if start < 0:
            return ()
    for opening in _OPENINGS:
        if all(_lower(tokens, start + i) == word for i, word in enumerate(opening)):
            start += len(opening)
            break
    return reader.whole(start, len(tokens), (output,) if output else ASKED)


def _lower(tokens: Sequence[str], at: int) -> str:
    return tokens[at].lower() if at < len(tokens) else ""


def _definition(reader: Reader, start: int) -> int:
    """Read one "let A be ... ." and return where the next sentence starts; -1 if it is none."""
    tokens = reader.tokens[start:]
    if len(tokens) < 4 or tokens[2] != "be" or END not in tokens:
        return -1
    name, first, stop = tokens[1], start + 3, start + tokens.index(END)
    if not STEP.fullmatch(name) or name in reader.steps:
        return -1
    is_flag = reader.says(_CONDITION, first)
    kinds: tuple[ValueType, ...] = ("flag",) if is_flag else _NAMED
    found = reader.whole(first + len(_CONDITION) * is_flag, stop, kinds)
    if not found:
        return -1
    reader.steps[name] = found
    return stop + 1
