"""``tracemill program``."""

from __future__ import annotations

from pathlib import Path

import orjson
from click.testing import CliRunner

from tracemill_datagen.cli import program
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.writer import csv_bytes


def table(folder: Path) -> str:
    path = folder / "penguins.csv"
    path.write_bytes(csv_bytes(embedded_sheet(embedded_named("penguins")).columns))
    return str(path)


def test_coverage_prints_the_matrix_and_fails_where_a_floor_is_missed(tmp_path: Path) -> None:
    done = CliRunner().invoke(program, ["coverage", "--tables", table(tmp_path), "--items", "40"])
    assert done.exit_code == 1
    assert "ok     typed operators: " in done.output
    assert "MISSED mixed: programs a table: " in done.output
    assert "family gap" not in done.output  # no dates there
    shown = "test   dropping a selection changes the answer: engine/test_ablation.py::"
    assert shown in done.output
    assert "mixed: 1 tables, " in done.output
    assert "dead_filter" in done.output


def test_coverage_as_json(tmp_path: Path) -> None:
    arguments = ["coverage", "--tables", table(tmp_path), "--items", "40", "--json"]
    done = CliRunner().invoke(program, arguments)
    found = orjson.loads(done.output)
    assert (done.exit_code, found["met"]) == (1, False)
    assert found["classes"]["mixed"]["tables"] == 1
    assert {line["property"] for line in found["requirements"]} >= {"family decision"}
    assert found["classes"]["mixed"]["rejected"]["too_few_rows"] > 0
