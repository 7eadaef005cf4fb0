"""What a program wrote, so that a terminal shows it and does nothing else.

Escape sequences can rewrite what stands above, set titles and clipboards, and answer as if typed.
"""

from __future__ import annotations

import unicodedata

_INVISIBLE = ("C", "Zl", "Zp")
"""Controls, formats (which turn the direction of writing), surrogates, unassigned; line breaks."""


def shown(text: str, *, apart_from: str = "\n\t") -> str:
    """Return text with all that is not to be seen written out, as in a Python string.

    Args:
        text: Any.
        apart_from: Characters that stay.
    """
    return "".join(
        each if each in apart_from or not _is_invisible(each) else _written_out(each)
        for each in text
    )


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character).startswith(_INVISIBLE)


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode()
