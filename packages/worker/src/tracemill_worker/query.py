"""Reads the named statements of a ``.sql`` file.

A statement begins with a line ``-- name: enqueue``; the comment lines behind it say what it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

NAME = "-- name:"


@cache
def statements(filename: str) -> Mapping[str, str]:
    """Return name -> text of the statements in a file of this package, comments left out."""
    text = files("tracemill_worker").joinpath(filename).read_text(encoding="utf-8")
    return MappingProxyType(parse(text))


def parse(text: str) -> dict[str, str]:
    """Split ``text`` into its named statements.

    Raises:
        ValueError: if two have one name, or one has no sentence or no text.
    """
    found: dict[str, str] = {}
    for block in text.split(NAME)[1:]:
        name, _, rest = block.partition("\n")
        lines = rest.splitlines()
        body = "\n".join(line for line in lines if not line.startswith("--")).strip()
        if not lines or not lines[0].startswith("-- ") or not body:
            raise ValueError(f"statement {name.strip()!r}: wanted a sentence, then the text")
        if name.strip() in found:
            raise ValueError(f"statement {name.strip()!r} stands there twice")
        found[name.strip()] = body
    return found
