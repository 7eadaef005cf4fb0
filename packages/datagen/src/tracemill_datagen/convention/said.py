"""Whether a text states an option of a convention in words of its own.

Names of columns and literals are no such words: a column that is called ``mean`` states nothing.
They are taken out before a text is searched.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from tracemill_datagen.convention.axis import Option
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.sheet import Sheet

_GAP = " _ "
"""Stands where a name or a literal was taken out, so that no words meet that stood apart."""


def says(text: str, option: Option, plain: str) -> bool:
    """Tell whether a text states an option.

    Args:
        text: The text as it is.
        option: The option.
        plain: The same text after ``plain_words``.
    """
    whole = bool(option.statement) and "{" not in option.statement and option.statement in text
    return whole or option.pattern.search(plain) is not None


def plain_words(text: str, expression: Expression, sheet: Sheet) -> str:
    """Return a text without the table's name, its columns and the program's literals in quotes."""
    for literal in _literals(expression):
        text = text.replace(literal, _GAP)
    text = text.replace(f"table {sheet.name}", _GAP, 1)
    return _names(tuple(column.name for column in sheet.columns)).sub(_GAP, text)


def _literals(expression: Expression) -> list[str]:
    """Return the quoted texts of a program, longest first; names of methods are no literals."""
    texts = {
        json.dumps(value, ensure_ascii=False)
        for part in expression.parts()
        for key, value in part.parameters.items()
        if isinstance(value, str) and key != "method"
    }
    return sorted(texts, key=lambda text: (-len(text), text))


@lru_cache(maxsize=256)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of columns as they stand in a text: in quotes, or bare as whole words.

    A name that is a word of our own sentences always stands in quotes, so the bare word is ours.
    """
    forms = [json.dumps(name, ensure_ascii=False) for name in names]
    forms += [name for name in names if column_words(name) == name]
    longest = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
