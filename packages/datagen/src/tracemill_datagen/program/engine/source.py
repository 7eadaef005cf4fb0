"""A program as Python text: one pandas operation a line, the answer last.

The text reads ``table.csv`` (the table's normal CSV) in the working directory and ends by binding
``answer`` to a JSON value, rounded as asked. Each line binds one descriptive name, so that each
is a hook that its own line grounds.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.join import JoinedSheet
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.writer import csv_bytes

PANDAS_NULLS = frozenset({
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
})  # fmt: skip
"""Texts that pandas.read_csv takes for "no value" by default (pandas 3.1, na_values)."""

TABLE_FILE = "table.csv"
"""Name under which a program finds its table; one that is looked up has its own name."""

LOOKUP = ""
"""Stands for the table that is looked up among the names that are taken; no canonical form is so.
"""

MAX_NAME = 48
IMPORTS: Mapping[str, str] = {"pd": "import pandas as pd", "stats": "from scipy import stats"}
"""Names that operators' pandas may read without binding them, and the lines that bind them."""

_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
_READ = re.compile(rf"(?<![\w.])({'|'.join(IMPORTS)})\.")

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
    lines: list[str] = []
    names: dict[str, str] = {}
    used = {*IMPORTS, "answer"}
    reads = read_call(expression, sheet)
    if isinstance(sheet, JoinedSheet):
        lookup = _free(snake(sheet.join.right.name), used)
        names[LOOKUP] = lookup
        lines.append(f"{lookup} = {_lookup_call(expression, sheet)}")
        reads = _joined_call(expression, sheet, lookup)
    for part in expression.parts():
        operands = [names[operand.canonical] for operand in part.inputs]
        name = _free(part.operator.variable(part.parameters, operands), used)
        text = part.operator.pandas(part.parameters, operands)
        lines.append(f"{name} = {reads if part.op == 'table' else text}")
        names[part.canonical] = name
    lines.append(f"answer = {_converted(names[expression.canonical], value, decimals)}")
    return "\n".join((*_imports(lines), *lines)) + "\n"


def read_call(expression: Expression, sheet: Sheet) -> str:
    """Return the pandas call that reads the table with the types of our own reader.

    Arguments are given only where pandas would otherwise decide differently for a column that the
    program uses.
    """
    return _read_call(TABLE_FILE, sheet, expression.columns)


def files_of(sheet: Sheet) -> dict[str, bytes]:
    """Return the files that the programs about a table read: name -> normal CSV bytes."""
    if not isinstance(sheet, JoinedSheet):
        return {TABLE_FILE: csv_bytes(sheet.columns)}
    join = sheet.join
    return {
        TABLE_FILE: csv_bytes(join.left.columns),
        f"{join.right.name}.csv": csv_bytes(join.right.columns),
    }


def _joined_call(expression: Expression, sheet: JoinedSheet, lookup: str) -> str:
    """Return the pandas text of the left table with what is looked up in the right one."""
    join = sheet.join
    own = [name for name in expression.columns if name in join.left.positions]
    left = _read_call(TABLE_FILE, join.left, (join.left_key, *own))
    wanted = [name for name in expression.columns if name not in join.left.positions]
    found = f"{lookup}[[{', '.join(map(python, (join.right_key, *wanted)))}]]"
    if join.right_key != join.left_key:
        found += f".rename(columns={{{python(join.right_key)}: {python(join.left_key)}}})"
    return f"{left}.merge({found}, on={python(join.left_key)})"


def _lookup_call(expression: Expression, sheet: JoinedSheet) -> str:
    join = sheet.join
    wanted = [name for name in expression.columns if name not in join.left.positions]
    return _read_call(f"{join.right.name}.csv", join.right, (join.right_key, *wanted))


def _read_call(file: str, sheet: Sheet, names: Sequence[str]) -> str:
    columns = [sheet.column(name) for name in dict.fromkeys(names)]
    arguments = [python(file)]
    types = [f"{python(c.name)}: {dtype}" for c in columns if (dtype := _dtype(c)) is not None]
    if types:
        arguments.append(f"dtype={{{', '.join(types)}}}")
    whole = columns if columns else list(sheet.columns)
    if any(_looks_null(column) for column in whole):
        arguments.append('keep_default_na=False, na_values=[""]')
    if sheet.rows > CHUNKED_ROWS and any(column.numeric_texts for column in sheet.columns):
        arguments.append("low_memory=False")
    return f"pd.read_csv({', '.join(arguments)})"


def _imports(lines: Sequence[str]) -> list[str]:
    """Return the imports of pandas and of what else the lines read."""
    # Parsing would cost ten times what the rest of a program's text does. No line binds these
    # names, so that one stands for the module wherever it stands outside of quotes.
    bare = (_QUOTED.sub("", line) for line in lines if any(f"{name}." in line for name in IMPORTS))
    read = {name for line in bare for name in _READ.findall(line)}
    return [text for name, text in IMPORTS.items() if name == "pd" or name in read]


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


@lru_cache(maxsize=4096)
def _identifier(words: str) -> str:
    """Return words as an identifier that shadows nothing of Python's."""
    name = words[:MAX_NAME].strip("_")
    if not name.isidentifier() or keyword.iskeyword(name) or hasattr(builtins, name):
        name = f"v_{name}"
    return name


def _free(words: str, used: set[str]) -> str:
    """Return a name of a variable that is none of those in use, and add it to them."""
    name = _identifier(words)
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f"{name}_{number}", number + 1
    used.add(candidate)
    return candidate
