"""The tables that ship with the package."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet, embedded_tables

FREE = ("CC0", "Public domain", "Public Domain", "public domain", "U.S. Government Dataset")


def test_at_least_eight_free_tables_of_under_a_megabyte() -> None:
    tables = embedded_tables()
    sheets = [embedded_sheet(table) for table in tables]
    assert len(tables) >= 8
    assert all(any(word in table.licence for word in FREE) for table in tables)
    assert [sheet.rows for sheet in sheets] == [table.rows for table in tables]
    assert [table.name for table in tables] == sorted(table.name for table in tables)


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadRequest) as caught:
        embedded_named("pinguins")
    assert str(caught.value).startswith(
        "no embedded table 'pinguins': wanted one of auto_mpg, elements, "
    )


def test_changed_file_is_refused() -> None:
    changed = embedded_named("penguins").replace(sha256="0" * 64)
    with pytest.raises(StaleInput, match=r"^penguins\.csv changed: wanted 0000"):
        embedded_sheet(changed)
