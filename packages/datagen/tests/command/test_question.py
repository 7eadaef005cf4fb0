"""``tracemill question``."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from tracemill_datagen.command.question import question
from tracemill_datagen.errors import BadRequest

ZOO = "name,kind,mass\n" + "".join(f"animal {n},{'ab'[n % 2]},{n * n}\n" for n in range(1, 25))


def run(*args: str) -> str:
    result = CliRunner().invoke(question, list(args), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions")
    (path / "zoo.csv").write_text(ZOO)
    table = str(path / "zoo.csv")
    out = str(path / "q")
    printed = run("generate", "--source", "template", "--tables", table, "--count", "5",
                  "--out", out)  # fmt: skip
    assert printed.startswith("5 questions about 1 tables in ")
    return path


def test_generate_again_keeps_the_file(folder: Path) -> None:
    summary = run("generate", "--source", "template", "--tables", str(folder / "zoo.csv"),
                  "--count", "5", "--out", str(folder / "q"), "--json")  # fmt: skip
    assert orjson.loads(summary)["unchanged"] == 1


def test_show_lists_and_prints_one(folder: Path) -> None:
    file = str(folder / "q" / "template" / "zoo.jsonl")
    lines = run("show", file).splitlines()
    assert len(lines) == 5
    identifier, _, prompt = lines[0].partition("  ")
    whole = run("show", file, identifier)
    assert prompt in whole
    assert "import pandas as pd" in whole
    assert orjson.loads(run("show", file, identifier, "--json"))["prompt"] == prompt


def test_stats_count_by_source_family_and_answers(folder: Path) -> None:
    stats = orjson.loads(run("stats", str(folder / "q"), "--json"))
    assert (stats["questions"], stats["source"]) == (5, {"template": 5})
    assert run("stats", str(folder / "q")).startswith("5 questions\n")


def test_explain_prints_the_readings(folder: Path) -> None:
    from tracemill_datagen.command.table import table

    CliRunner().invoke(table, ["add", str(folder / "zoo.csv"), "--out", str(folder / "t")])
    for line in run("show", str(folder / "q")).splitlines():
        explained = orjson.loads(
            run("explain", line[:16], "--questions", str(folder / "q"),
                "--tables", str(folder / "t"), "--json")
        )  # fmt: skip
        assert explained["status"] in {"settled", "stated", "open"}
        assert explained["readings"]
        text = run("explain", line[:16], "--questions", str(folder / "q"),
                   "--tables", str(folder / "t"))  # fmt: skip
        assert explained["status"] in text


def test_explain_without_the_table_says_so(folder: Path) -> None:
    identifier = run("show", str(folder / "q"))[:16]
    with pytest.raises(BadRequest, match="give its folder with --tables"):
        run("explain", identifier, "--questions", str(folder / "q"), "--tables", str(folder / "no"))


@pytest.mark.parametrize("name", ["generate", "show", "stats", "explain"])
def test_help_has_an_example(name: str) -> None:
    assert "Example: tracemill question" in run(name, "--help")
