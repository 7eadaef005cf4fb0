"""Titles: when two are the same, and the file name that one gives."""

from __future__ import annotations

import re
import unicodedata

SLUG_LENGTH = 60
"""Characters of a slug; a file name must stay readable in a list."""


def folded(title: str) -> str:
    """Return a title without what people do not see: case and the number of blanks."""
    return " ".join(title.split()).casefold()


def same(one: str, other: str) -> bool:
    """Tell whether two titles are one for a reader."""
    return folded(one) == folded(other)


def slug(title: str) -> str:
    """Return the part of a file name that a title gives; empty if it has no letter or digit.

    Letters with marks lose them (NFKD); what ASCII has no letter for is left out.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    while len(words) > 1 and len("-".join(words)) > SLUG_LENGTH:
        words.pop()
    return "-".join(words)[:SLUG_LENGTH]
