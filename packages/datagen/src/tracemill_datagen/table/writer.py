"""The normal CSV form of a table: UTF-8, comma, ``\\n``, an empty cell for "no value".

``tracemill_datagen.table.reader.parse_normal`` gives the same columns again, and pandas reads it
with the same types as our own reader, so that a solver's ``pd.read_csv("table.csv")`` sees what the
gold answer was made from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tracemill_datagen.table.cell import MAX_DIGITS
from tracemill_datagen.table.sheet import Cell, SheetColumn


def csv_bytes(columns: Sequence[SheetColumn]) -> bytes:
    """Return the normal CSV bytes of a table's columns."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows(zip(*map(_texts, columns), strict=True))
    return stream.getvalue().encode()


def cell_text(cell: Cell) -> str:
    """Return a cell as it stands in the normal CSV, before quoting."""
    if cell is None:
        return ""
    if isinstance(cell, float) and abs(cell) >= 10**MAX_DIGITS:
        # Written out, it would have more digits than a number may have, and be read as a code.
        return f"{Decimal(repr(cell)).normalize():e}"
    return cell if isinstance(cell, str) else repr(cell)


def _texts(column: SheetColumn) -> Iterable[str | Cell]:
    """Return the texts of a column's cells; each different number is written once."""
    if not column.numeric:
        return column.values  # the writer of csv leaves None empty
    texts = {cell: cell_text(cell) for cell in (*column.distinct, None)}
    return map(texts.__getitem__, column.values)
