"""The normal CSV form of a table: UTF-8, comma, ``\\n``, an empty cell for "no value".

Reading a normal file gives the same columns again, and pandas reads it with the same types as our
own reader, so that a solver's ``pd.read_csv("table.csv")`` sees what the gold answer was made from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from tracemill_datagen.table.sheet import Cell, SheetColumn


def csv_bytes(columns: Sequence[SheetColumn]) -> bytes:
    """Return the normal CSV bytes of a table's columns."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows(zip(*([_text(cell) for cell in c.values] for c in columns), strict=True))
    return stream.getvalue().encode()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else repr(cell)
