"""Names and literals in the text of programs."""

from __future__ import annotations

import re
from functools import lru_cache

from tracemill_schema.canonical import Value


def snake(*parts: object) -> str:
    """Make one Python identifier of some words."""
    return "_".join(filter(None, [_snake(str(part)) for part in parts]))


@lru_cache(maxsize=4096)
def _snake(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def python(value: Value) -> str:
    """Write a literal as Python source, text in double quotes where it can be."""
    plain = isinstance(value, str) and value.isprintable() and not set('"\\') & set(value)
    return f'"{value}"' if plain else repr(value)


def stem(variable: str) -> str:
    """Return a column variable's name without its suffix: ``hp_values_2`` -> ``hp``."""
    return re.sub(r"_values(_\d+)?$", "", variable)
