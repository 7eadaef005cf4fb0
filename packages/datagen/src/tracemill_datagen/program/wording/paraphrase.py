"""Whether a question in other words, a model's for instance, still asks for the same program.

A text that can be read back must give the same program. Any other text must agree with one of our
own: equal to it word for word once ``FILLERS`` are dropped and ``SYNONYMS`` are made one. Columns,
values, numbers and all words in neither list must stand in it in the same order, so a text that
says "at least" for "greater than", drops a condition or adds a number is refused. What is refused
is only lost; what is accepted is asked, so in doubt a text is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.wording.parsing import MARKS, readings
from tracemill_datagen.program.wording.pattern import tokens_of
from tracemill_datagen.program.wording.vocabulary import STEP, column_words
from tracemill_datagen.program.wording.wording import phrase_of, steps_sentence
from tracemill_datagen.table.sheet import Sheet

OWN_WORDINGS = 8
"""Of each style so many of our own wordings are compared with."""

FILLERS = frozenset({
    "the", "a", "an", "of", "is", "are", "was", "were", "be", "does", "do", "what", "find", "give",
    "compute", "calculate", "determine", "report", "tell", "me", "please", ",",
})  # fmt: skip
"""Words that change nothing wherever they stand."""

SYNONYMS: Mapping[str, str] = {
    "how many": "number",
    "count": "number",
    "average": "mean",
    "arithmetic mean": "mean",
    "total": "sum",
    "maximum": "largest",
    "largest value": "largest",
    "highest value": "largest",
    "highest": "largest",
    "minimum": "smallest",
    "smallest value": "smallest",
    "lowest value": "smallest",
    "lowest": "smallest",
    "distinct": "different",
    "different values": "different",
    "distinct values": "different",
    "most common": "most frequent",
    "for each": "per",
    "for every": "per",
    "in each": "per",
    "grouped by": "per",
    "in": "over",
    "across": "over",
    "within": "over",
    "out of": "among",
    "whose": "where",
    "have": "where",
    "having": "where",
    "that have": "where",
    "for which": "where",
    "in which": "where",
    "records": "rows",
    "entries": "rows",
    "equal to": "",
    "equals": "",
    "greater than": "greater",
    "more than": "greater",
    "larger than": "greater",
    "higher than": "greater",
    "above": "greater",
    "exceeds": "greater",
    "exceeding": "greater",
    "less than": "smaller",
    "fewer than": "smaller",
    "smaller than": "smaller",
    "lower than": "smaller",
    "below": "smaller",
    "later than": "after",
    "earlier than": "before",
    "other than": "not",
    "has a value": "not empty",
}
"""Words that mean the same wherever they stand in a question about a table."""

LONGEST = max(len(words.split()) for words in SYNONYMS)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a wording may stand for a program, and why."""

    accepted: bool
    reason: str


def check_wording(text: str, expression: Expression, sheet: Sheet) -> Verdict:
    """Check a wording that was not written by ``program/wording/wording.py``.

    Args:
        text: A question's clause, with or without its mark.
        expression: The program that it is to ask for.
        sheet: Its table.
    """
    found = readings(text, sheet, expression.operator.output)
    if len(found) > 1:
        return Verdict(accepted=False, reason=f"it reads in {len(found)} ways")
    if found and found[0].canonical == expression.canonical:
        return Verdict(accepted=True, reason="it reads back as the program")
    if found:
        return Verdict(accepted=False, reason=f"it reads as another program, {found[0].canonical}")
    said = skeleton(text, sheet)
    own = [skeleton(wording, sheet) for wording in _own(expression)]
    if said in own:
        return Verdict(accepted=True, reason="it agrees with our own wording")
    nearest = max(own, key=lambda words: _common(said, words))
    return Verdict(accepted=False, reason=_difference(said, nearest))


def skeleton(text: str, sheet: Sheet) -> tuple[str, ...]:
    """Return what a text says apart from fillers, synonyms made one; names stand in quotes."""
    tokens = [_plain(token, sheet) for token in tokens_of(text.rstrip(MARKS))]
    words: list[str] = []
    at = 0
    while at < len(tokens):
        for length in range(min(LONGEST, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + length])
            if phrase in SYNONYMS:
                words.extend(SYNONYMS[phrase].split())
                at += length
                break
        else:
            if tokens[at] not in FILLERS:
                words.append(tokens[at])
            at += 1
    return tuple(words)


def _plain(token: str, sheet: Sheet) -> str:
    """Write a token so that words are in lower case and nothing else can be taken for one."""
    if token[0] == '"' or STEP.fullmatch(token):
        return token
    if token in sheet.positions and column_words(token) == token:
        return f"column {token}"
    try:
        return repr(float(token))
    except ValueError:
        return token.lower()


def _own(expression: Expression) -> list[str]:
    seeds = [Random(seed) for seed in range(OWN_WORDINGS)]  # noqa: S311 - no secret
    texts = [phrase_of(expression), *(phrase_of(expression, rng) for rng in seeds)]
    texts.extend(steps_sentence(expression, rng) for rng in seeds)
    return list(dict.fromkeys(texts))


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many words two texts begin with in common."""
    pairs = zip(left, right, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _difference(said: Sequence[str], own: Sequence[str]) -> str:
    at = _common(said, own)
    got, wanted = (words[at] if at < len(words) else "nothing more" for words in (said, own))
    return f"it says {got!r} where our wording says {wanted!r}"
