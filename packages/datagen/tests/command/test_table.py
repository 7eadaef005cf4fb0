"""``tracemill table``."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from tracemill_datagen.command.table import table
from tracemill_datagen.errors import BadRequest, NotATable


def run(*args: str) -> str:
    result = CliRunner().invoke(table, list(args), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_shows_origin_and_licence() -> None:
    assert "penguins" in run("list")
    listed = orjson.loads(run("list", "--json"))
    assert {"name", "source", "licence", "sha256", "rows", "file"} == listed[0].keys()


def test_show_prints_the_profile() -> None:
    text = run("show", "penguins")
    assert text.startswith("penguins: 344 rows, 8 columns\n")
    assert "bill_length_mm" in text
    assert "[mm]" in text
    assert orjson.loads(run("show", "penguins", "--json"))["rows"] == 344


def test_add_writes_the_normal_form(tmp_path: Path) -> None:
    path = tmp_path / "My Zoo.csv"
    path.write_text("kind;mass\nox;1,200\n")
    assert run("add", str(path), "--out", str(tmp_path / "t")).startswith("my_zoo: 1 rows")
    assert (tmp_path / "t" / "my_zoo.csv").read_text() == "kind,mass\nox,1200\n"
    assert run("show", str(path)).startswith("my_zoo: 1 rows, 2 columns")


def test_a_mistake_raises_for_the_main_command_to_tell(tmp_path: Path) -> None:
    (tmp_path / "page.csv").write_text("<html>")
    with pytest.raises(BadRequest, match="no embedded table 'zebras'"):
        run("show", "zebras")
    with pytest.raises(NotATable, match=r"\(markup\)"):
        run("add", str(tmp_path / "page.csv"), "--out", str(tmp_path / "t"))
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("name", ["list", "show", "add"])
def test_help_has_an_example(name: str) -> None:
    assert "Example: tracemill table" in run(name, "--help")
