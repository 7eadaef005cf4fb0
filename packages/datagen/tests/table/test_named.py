"""Tables as a person names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest, NotATable
from tracemill_datagen.table.embedded import embedded_tables
from tracemill_datagen.table.named import named_tables

SEMICOLONS = "Stadt;Preis\nUlm;1,5\nKöln;2,25\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prices.csv").write_text(SEMICOLONS)
    (tmp_path / "cities.tsv").write_text("city\tx\nUlm\t1\n")
    (tmp_path / "notes.md").write_text("no table\n")
    return tmp_path


def test_files_folders_and_embedded_names_are_read_in_order(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    found = named_tables([Path("penguins"), folder], lambda *said: told.append(said))
    assert [sheet.name for sheet in found.sheets] == ["penguins", "cities", "prices"]
    assert found.refused == ()
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert found.sheets[2].column("Preis").values == (1.5, 2.25)


def test_a_file_that_is_named_twice_is_read_once(folder: Path) -> None:
    assert len(named_tables([folder, folder / "prices.csv"]).sheets) == 2


def test_without_a_name_the_default_embedded_tables_are_taken() -> None:
    wanted = [origin.name for origin in embedded_tables() if origin.is_default]
    assert [sheet.name for sheet in named_tables([]).sheets] == wanted


def test_one_of_several_is_refused_and_told_and_the_only_one_stops(folder: Path) -> None:
    broken = folder / "broken.csv"
    broken.write_text("a,b\n1\n")
    found = named_tables([folder])
    assert [sheet.name for sheet in found.sheets] == ["cities", "prices"]
    assert len(found.refused) == 1
    assert str(broken) in found.refused[0]
    with pytest.raises(NotATable):
        named_tables([broken])


def test_a_folder_without_tables_and_two_of_one_name_are_refused(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(BadRequest, match="wanted tables in it .* got none"):
        named_tables([folder / "empty"])
    (folder / "empty/prices.csv").write_text(SEMICOLONS)
    with pytest.raises(BadRequest, match="would both be table 'prices'"):
        named_tables([folder, folder / "empty"])


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match="missing"):
        named_tables([tmp_path / "penguin"])
