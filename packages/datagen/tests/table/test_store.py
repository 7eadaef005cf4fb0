"""Tables in a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.table.store import (
    load,
    load_joined,
    parts_of,
    profiled,
    profiled_file,
    remove,
    store,
    stored_names,
)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    ((sheet, table),) = profiled([tmp_path / "a.csv"])
    assert store(tmp_path / "tables", sheet, table)
    assert not store(tmp_path / "tables", sheet, table)
    return tmp_path / "tables"


def test_stored_table_is_loaded_again(stored: Path) -> None:
    sheet, table = load(stored, "a")
    assert stored_names(stored) == ("a",)
    assert (sheet.digest, table.source, table.licence) == (table.id, "a.csv", "unstated")


def test_changed_table_is_refused_by_digest(stored: Path) -> None:
    (stored / "a.csv").write_text("x,y\n1,3\n")
    with pytest.raises(StaleInput, match=r"a\.csv changed: wanted .* run the tables stage again"):
        load(stored, "a")


def test_removed_table_is_gone(stored: Path) -> None:
    remove(stored, "a")
    assert list(stored.iterdir()) == []


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "A.csv"]
    for path in paths:
        path.write_text("x,y\n1,2\n")
    with pytest.raises(BadRequest, match=r"would both be table 'a': wanted different file names"):
        profiled(paths)


def test_a_table_in_another_form_is_loaded_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'"a;b;c",d\n1e3,"x\ry"\n2e3,1e15\n')
    ((sheet, table),) = profiled([tmp_path / "a.csv"])
    store(tmp_path / "tables", sheet, table)
    assert load(tmp_path / "tables", "a") == (sheet, table)


def test_no_path_means_the_default_embedded_tables() -> None:
    names = [sheet.name for sheet, _ in profiled([])]
    assert "penguins" in names
    assert "nyc_flights" not in names


HINTED = "share;when;n\n5 %;5/1/2012;1,234\n6 %;6/1/2012;2\n"
"""Units, an undecided date and an undecided number: what a normal CSV does not tell."""


def test_a_stored_table_keeps_units_and_notes_and_is_not_guessed_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HINTED)
    sheet, table = profiled_file(tmp_path / "a.csv")
    assert sheet.column("n").values == ("1,234", "2")
    store(tmp_path / "t", sheet, table)
    for again, record in (load(tmp_path / "t", "a"), profiled_file(tmp_path / "t" / "a.csv")):
        assert (again, record) == (sheet, table)
        assert [column.unit for column in again.columns] == ["%", None, None]
        assert again.notes == sheet.notes != ()


def test_a_normal_file_that_was_changed_since_is_a_file_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HINTED)
    store(tmp_path, *profiled_file(tmp_path / "a.csv"))
    (tmp_path / "a.csv").write_text("n\n1,5\n".replace("1,5", '"1,234"'))
    sheet, table = profiled_file(tmp_path / "a.csv")
    assert (sheet.column("n").values, table.source) == ((1234,), "a.csv")


@pytest.fixture
def both(tmp_path: Path) -> Path:
    (tmp_path / "trips.csv").write_text(
        "to,km\n" + "".join(f"{'ABCDEF'[n % 6]},{n}\n" for n in range(18))
    )
    (tmp_path / "places.csv").write_text(
        "place,height\n" + "".join(f"{c},{ord(c)}\n" for c in "ABCDE")
    )
    for sheet, table in profiled([tmp_path / "trips.csv", tmp_path / "places.csv"]):
        licence = "CC0-1.0" if sheet.name == "trips" else table.licence
        store(tmp_path / "t", sheet, table.replace(licence=licence))
    return tmp_path / "t"


def test_two_stored_tables_are_loaded_as_one_with_its_profile(both: Path) -> None:
    assert parts_of(both, "trips_with_places") == ("trips", "places")
    found = load_joined(both, "trips", "places")
    assert found is not None
    sheet, table = found
    assert (sheet.name, sheet.rows, sheet.digest) == (table.name, 15, table.id)
    assert (sheet.join.left_key, sheet.join.right_key) == ("to", "place")
    assert (table.source, table.licence) == ("trips.csv and places.csv", "CC0-1.0 AND unstated")
    assert [column.name for column in table.columns] == ["to", "km", "height"]


def test_what_is_not_tied_is_not_loaded_as_one(both: Path) -> None:
    assert load_joined(both, "places", "trips") is None
    assert parts_of(both, "trips_with_hotels") is None
    assert parts_of(both, "trips") is None
