"""A program as Python text: one pandas operation a line, the answer last.

The text reads ``table.csv`` (the table's normal CSV) in the working directory and ends by binding
``answer`` to a JSON value, rounded as asked. Each line binds one descriptive name, so that each
is a hook that its own line grounds.
"""

from __future__ import annotations

import builtins
import keyword

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.words import python
from tracemill_datagen.table.sheet import Sheet, SheetColumn

PANDAS_NULLS = frozenset({
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
})  # fmt: skip
"""Texts that pandas.read_csv takes for "no value" by default (pandas 3.1, na_values)."""

MAX_NAME = 48
CHUNKED_ROWS = 1_000
"""Below this pandas reads a file in one chunk and sees one type a column."""


def source_of(expression: Expression, sheet: Sheet, *, value: Datum, decimals: int | None) -> str:
    """Render a program.

    Args:
        expression: The program.
        sheet: Its table.
        value: The gold value; its type decides how the answer is converted.
        decimals: Digits after the point that the question asks for, for a float.
    """
    lines = ["import pandas as pd"]
    names: dict[str, str] = {}
    for part in expression.parts():
        operands = [names[operand.canonical] for operand in part.inputs]
        name = _free(part.operator.variable(part.parameters, operands), names)
        text = part.operator.pandas(part.parameters, operands)
        lines.append(f"{name} = {read_call(expression, sheet) if part.op == 'table' else text}")
        names[part.canonical] = name
    lines.append(f"answer = {_converted(names[expression.canonical], value, decimals)}")
    return "\n".join(lines) + "\n"


def read_call(expression: Expression, sheet: Sheet) -> str:
    """Return the pandas call that reads the table with the types of our own reader.

    Arguments are given only where pandas would otherwise decide differently for a column that the
    program uses.
    """
    columns = [sheet.column(name) for name in expression.columns]
    arguments = ['"table.csv"']
    types = [f"{python(c.name)}: {dtype}" for c in columns if (dtype := _dtype(c)) is not None]
    if types:
        arguments.append(f"dtype={{{', '.join(types)}}}")
    whole = columns if columns else list(sheet.columns)
    if any(_looks_null(column) for column in whole):
        arguments.append('keep_default_na=False, na_values=[""]')
    if sheet.rows > CHUNKED_ROWS and any(column.numeric_texts for column in sheet.columns):
        arguments.append("low_memory=False")
    return f"pd.read_csv({', '.join(arguments)})"


def _dtype(column: SheetColumn) -> str | None:
    if column.numeric:
        whole = isinstance(column.present[0], int)
        return '"Int64"' if whole and column.nulls else None
    return "str" if column.kind == "boolean" or column.numeric_texts else None


def _looks_null(column: SheetColumn) -> bool:
    return not column.numeric and not PANDAS_NULLS.isdisjoint(column.distinct)


def _converted(name: str, value: Datum, decimals: int | None) -> str:
    if isinstance(value, tuple):
        return name
    if isinstance(value, str):
        return f"str({name})"
    if isinstance(value, int):
        return f"int({name})"
    return f"round(float({name}), {decimals})"


def _free(words: str, taken: dict[str, str]) -> str:
    name = words[:MAX_NAME].strip("_")
    if not name.isidentifier() or keyword.iskeyword(name) or hasattr(builtins, name):
        name = f"v_{name}"
    used = {*taken.values(), "pd", "answer"}
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
