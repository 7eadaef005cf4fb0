"""``tracemill table``."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from tracemill_datagen.command.table import table
from tracemill_datagen.errors import BadRequest, NotATable
from tracemill_schema.errors import FaultsFound


def run(*args: str) -> str:
    result = CliRunner().invoke(table, list(args), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_shows_origin_and_licence() -> None:
    assert "penguins" in run("list")
    listed = orjson.loads(run("list", "--json"))
    assert {
        "name", "source", "licence", "sha256", "rows", "file", "sample", "is_default",
    } == listed[0].keys()  # fmt: skip


def test_list_marks_what_the_demo_leaves_out() -> None:
    lines = run("list").splitlines()
    marked = {line.split()[0] for line in lines if line.endswith("  by name only")}
    assert marked == {"nyc_airports", "nyc_flights", "nyc_planes", "political_contributions"}


def test_show_prints_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("show", "penguins").splitlines()
    assert lines[0] == "penguins: 344 rows, 8 columns"
    assert lines[2].split()[:4] == ["column", "kind", "empty", "distinct"]
    assert max(len(line) for line in lines[2:11]) <= 60
    monkeypatch.setenv("COLUMNS", "140")
    assert run("show", "penguins").splitlines()[5].split() == [
        "bill_length_mm", "number", "mm", "2", "164", "275", "32.1", "59.6", "43.9219",
    ]  # fmt: skip
    assert orjson.loads(run("show", "penguins", "--json"))["facts"]["duplicate_rows"] == 0


def test_add_writes_the_normal_form_and_says_what_became_of_the_file(tmp_path: Path) -> None:
    path, out = tmp_path / "My Zoo.csv", str(tmp_path / "t")
    path.write_text("kind;mass\nox;1.200,5\n")
    assert run("add", str(path), "--out", out).startswith(f"added: {path}\nmy_zoo: 1 row, 2 c")
    assert (tmp_path / "t" / "my_zoo.csv").read_text() == "kind,mass\nox,1200.5\n"
    assert run("add", str(path), "--out", out).startswith(f"unchanged: {path}\n")
    path.write_text("kind;mass\nox;1\n")
    assert run("add", str(path), "--out", out).startswith(f"replaced: {path}\n")
    assert run("show", str(path)).startswith("my_zoo: 1 row, 2 columns")


def test_add_takes_the_name_of_an_embedded_table(tmp_path: Path) -> None:
    text = run("add", "penguins", "--out", str(tmp_path))
    assert "source PyPI palmerpenguins 0.1.6, penguins; licence data CC0" in text
    assert "source PyPI palmerpenguins" in run("show", str(tmp_path / "penguins.csv"))


@pytest.mark.parametrize("as_json", [True, False])
def test_a_bad_file_stops_no_other(tmp_path: Path, *, as_json: bool) -> None:
    (tmp_path / "page.csv").write_text("<html>")
    (tmp_path / "other").mkdir()
    for name in ("a.csv", "b.csv", "other/a.csv"):
        (tmp_path / name).write_text("x,y\n1,2\n")
    paths = [str(tmp_path / name) for name in ("a.csv", "page.csv", "other/a.csv", "b.csv")]
    out = tmp_path / "t"
    options = ["--json"] if as_json else []
    result = CliRunner().invoke(table, ["add", *paths, "--out", str(out), *options])
    assert isinstance(result.exception, FaultsFound)
    assert str(result.exception) == f"2 of 4 files refused; the others stand in {out}"
    assert sorted(path.name for path in out.iterdir()) == [
        "a.csv", "a.table.json", "b.csv", "b.table.json",
    ]  # fmt: skip
    same = f"{paths[0]} and {paths[2]} would both be table 'a': wanted different file names"
    if as_json:
        said = [orjson.loads(line) for line in result.stdout.splitlines()]
        assert [line["file"] for line in said] == paths
        assert [line["became"] for line in said] == ["added", "refused", "refused", "added"]
        assert said[2]["why"].startswith(same)
        assert said[3]["table"]["rows"] == 1
    else:
        told = result.stderr.splitlines()
        assert told[0].startswith(f"refused: {paths[1]} is not a table (markup): wanted")
        assert told[1].startswith(f"refused: {same}")
        assert f"added: {paths[3]}\nb: 1 row, 2 columns\n" in result.stdout


def test_a_mistake_raises_for_the_main_command_to_tell(tmp_path: Path) -> None:
    (tmp_path / "page.csv").write_text("<html>")
    with pytest.raises(BadRequest, match="no embedded table 'zebras'"):
        run("show", "zebras")
    with pytest.raises(NotATable, match=r"\(folder\)"):
        run("show", str(tmp_path))
    with pytest.raises(NotATable, match=r"\(markup\)"):
        run("add", str(tmp_path / "page.csv"), "--out", str(tmp_path / "t"))
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("name", ["list", "show", "add"])
def test_help_has_an_example(name: str) -> None:
    assert "Example: tracemill table" in run(name, "--help")


def test_joins_names_the_columns_that_tie_tables() -> None:
    printed = run("joins", "nyc_flights", "nyc_planes", "nyc_airports").splitlines()
    assert [line.split("  ")[0] for line in printed] == [
        "nyc_flights.tailnum = nyc_planes.tailnum",
        "nyc_flights.dest = nyc_airports.faa",
    ]
    first = orjson.loads(run("joins", "nyc_flights", "nyc_planes", "--json"))
    assert (first["left_key"], first["right_key"]) == ("tailnum", "tailnum")
    assert 0 < first["rows_with_partner"] < first["rows"]
    assert run("joins", "penguins") == "none of these tables belong together\n"
    assert run("joins", "penguins", "--json") == ""
