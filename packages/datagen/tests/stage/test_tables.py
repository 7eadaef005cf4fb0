"""The stage that stores tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.stage.tables import run
from tracemill_datagen.table.store import load, stored_names
from tracemill_schema.errors import RecordError


def test_embedded_tables_are_stored_and_kept(tmp_path: Path) -> None:
    first = run({"tables": [], "out": "tables"}, tmp_path)
    second = run({"tables": [], "out": "tables"}, tmp_path)
    assert first["tables"] == first["written"] == second["unchanged"]
    assert len(stored_names(tmp_path / "tables")) == first["tables"]
    sheet, record = load(tmp_path / "tables", "penguins")
    assert (record.id, record.rows, record.columns[0].kind) == (sheet.digest, 344, "category")


def test_tables_of_an_earlier_config_go_once_the_new_ones_are_read(tmp_path: Path) -> None:
    run({"tables": [], "out": "tables"}, tmp_path)
    (tmp_path / "mine.csv").write_text("x,y\n1,2\n")
    (tmp_path / "bad.csv").write_text("<html></html>")
    with pytest.raises(NotATable, match=r"bad\.csv is not a table \(markup\)"):
        run({"tables": [str(tmp_path / "bad.csv")], "out": "tables"}, tmp_path)
    assert len(stored_names(tmp_path / "tables")) >= 8
    run({"tables": [str(tmp_path / "mine.csv")], "out": "tables"}, tmp_path)
    assert stored_names(tmp_path / "tables") == ("mine",)


def test_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="/table: wanted no such key"):
        run({"table": [], "tables": [], "out": "t"}, tmp_path)
