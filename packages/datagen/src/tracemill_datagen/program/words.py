"""How columns and values are written inside an English sentence."""

from __future__ import annotations

import json
import re

from tracemill_schema.answer import show
from tracemill_schema.canonical import Value

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", re.ASCII)

VOCABULARY = frozenset({
    "a", "all", "among", "and", "any", "as", "at", "by", "class", "column", "columns", "count",
    "day", "each", "empty", "equal", "for", "from", "group", "groups", "highest", "hour", "in",
    "is", "it", "its", "largest", "least", "less", "lowest", "max", "maximum", "mean", "median",
    "min", "minimum", "minute", "mode", "month", "most", "name", "number", "of", "on", "or",
    "over", "per", "percent", "quarter", "range", "rank", "rate", "ratio", "row", "rows",
    "second", "share", "size", "smallest", "standard", "sum", "table", "than", "that", "the",
    "then", "time", "to", "total", "type", "value", "values", "was", "where", "which", "with",
    "year",
})  # fmt: skip
"""Words that stand in our own sentences; a column of that name is quoted."""


def column_words(name: str) -> str:
    """Write a column's name: bare where it cannot be mistaken for a word, else in quotes."""
    if _PLAIN.fullmatch(name) and name.lower() not in VOCABULARY:
        return name
    return json.dumps(name, ensure_ascii=False)


def value_words(value: Value) -> str:
    """Write a literal: text in quotes (roles let none with a quote through), numbers bare."""
    return f'"{value}"' if isinstance(value, str) else show(value)


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


ALL_ROWS = "all rows"
WHERE = "the rows where "
THOSE = "those of "


def narrowed(rows: str, clause: str) -> str:
    """Add a condition to a phrase for rows."""
    if rows == ALL_ROWS:
        return f"{WHERE}{clause}"
    conditions = rows.startswith((WHERE, THOSE))
    return f"{rows} and {clause}" if conditions else f"{THOSE}{rows} where {clause}"


def over(what: str, rows: str) -> str:
    """Say of which rows something is; all rows go without saying."""
    return what if rows == ALL_ROWS else f"{what} over {rows}"
