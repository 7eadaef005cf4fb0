"""Names and literals in the text of programs."""

from __future__ import annotations

import re

from tracemill_schema.canonical import Value


def snake(*parts: object) -> str:
    """Make one Python identifier of some words."""
    joined = "_".join(re.sub(r"[^a-z0-9]+", "_", str(part).lower()).strip("_") for part in parts)
    return re.sub(r"_+", "_", joined).strip("_")


def python(value: Value) -> str:
    """Write a literal as Python source, text in double quotes where it can be."""
    plain = isinstance(value, str) and value.isprintable() and not set('"\\') & set(value)
    return f'"{value}"' if plain else repr(value)


def stem(variable: str) -> str:
    """Return a column variable's name without its suffix: ``hp_values_2`` -> ``hp``."""
    return re.sub(r"_values(_\d+)?$", "", variable)
