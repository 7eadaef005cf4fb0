"""How columns and values are written inside an English sentence.

A column's name is quoted where it could be taken for a word of our own sentences: those are the
words of all operators' patterns, and of what templates write by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.wording.pattern import patterns_of, tokens_of, variants_of
from tracemill_schema.answer import show
from tracemill_schema.canonical import Value

STEP = re.compile(r"[A-Z]")
"""Names of steps ("let A be ..."); a column of such a name is quoted."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", re.ASCII)

FRAME = frozenset({
    "all", "among", "and", "be", "condition", "holds", "let", "of", "over", "rows", "that", "the",
    "value", "values", "what", "where",
})  # fmt: skip
"""Words that join phrases (``program/wording/wording.py``)."""

TEMPLATES = frozenset({
    "a", "any", "as", "at", "class", "column", "columns", "count", "day", "each", "empty", "equal",
    "for", "from", "group", "groups", "highest", "hour", "in", "is", "are", "it", "its", "largest",
    "least", "less", "lowest", "max", "maximum", "mean", "median", "min", "minimum", "minute",
    "mode", "month", "most", "name", "number", "on", "or", "per", "percent", "quarter", "range",
    "rank", "rate", "ratio", "row", "second", "share", "size", "smallest", "standard", "sum",
    "table", "than", "then", "time", "to", "total", "type", "was", "which", "with", "year",
})  # fmt: skip
"""Words of sentences that templates write by hand, and units; these no pattern tells."""


def _words() -> Iterator[str]:
    for operator in OPERATORS:
        for pattern in patterns_of(operator):
            for pieces, _, _ in variants_of(operator, pattern):
                for piece in pieces:
                    if isinstance(piece, str):
                        yield from tokens_of(piece.lower())


VOCABULARY = frozenset({*FRAME, *TEMPLATES, *_words()})


@lru_cache(maxsize=4096)
def column_words(name: str) -> str:
    """Write a column's name: bare where it cannot be mistaken for a word, else in quotes."""
    if _PLAIN.fullmatch(name) and name.lower() not in VOCABULARY and not STEP.fullmatch(name):
        return name
    return json.dumps(name, ensure_ascii=False)


def value_words(value: Value) -> str:
    """Write a literal: text in quotes, numbers bare, a list as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else show(value)
