"""``tracemill question generate`` and ``families``."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from tracemill_datagen.command.question import question
from tracemill_datagen.errors import BadRequest, NotATable
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question

ZOO = "Tier;Art;Masse\n" + "".join(f"Tier {n};{'ab'[n % 2]};{n * n},5\n" for n in range(1, 25))
TINY = "x\n1\n"
PAIRS = "kind,x\na,1\nb,2\na,3\nb,7\na,11\nb,5\n"
COMMANDS = ("generate", "families", "show", "stats", "gaps", "explain", "validate")


def invoke(*args: str) -> Result:
    return CliRunner().invoke(question, list(args), catch_exceptions=False)


def run(*args: str) -> str:
    result = invoke(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zoo.csv").write_text(ZOO)
    return tmp_path


def bytes_of(path: Path) -> dict[str, bytes]:
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_questions_about_a_semicolon_file_are_made_and_kept(folder: Path) -> None:
    words = ("generate", "--source", "template", "--tables", str(folder / "zoo.csv"),
             "--count", "5", "--out", str(folder / "q"))  # fmt: skip
    assert run(*words).startswith(f"5 questions about 1 table in {folder / 'q' / 'template'}\n")
    before = bytes_of(folder / "q")
    assert ", 1 file unchanged\n" in run(*words)
    summary = orjson.loads(run(*words, "--json"))
    assert (summary["template"], summary["unchanged"], summary["short"]) == (5, 1, {"template": []})
    assert bytes_of(folder / "q") == before


def test_no_source_and_no_table_touches_the_files_of_another(folder: Path) -> None:
    out = str(folder / "q")
    (folder / "park.csv").write_text(ZOO.replace("Tier ", "Baum "))
    for source, table in (("template", "zoo"), ("procedural", "zoo"), ("template", "park")):
        before = bytes_of(folder / "q")
        run("generate", "--source", source, "--tables", str(folder / f"{table}.csv"),
            "--count", "3", "--out", out)  # fmt: skip
        assert before.items() <= bytes_of(folder / "q").items()
    files = {p for p in bytes_of(folder / "q") if not p.startswith(".")}
    assert files == {"template/zoo.jsonl", "procedural/zoo.jsonl", "template/park.jsonl"}


def test_both_sources_are_made_with_all_and_stay_apart(folder: Path) -> None:
    summary = orjson.loads(
        run("generate", "--source", "all", "--tables", str(folder / "zoo.csv"), "--count", "4",
            "--out", str(folder / "q"), "--json")
    )  # fmt: skip
    assert (summary["template"], summary["procedural"]) == (4, 4)
    for source in ("template", "procedural"):
        found = read_records(folder / "q" / source / "zoo.jsonl", Question)
        assert [each.source for each in found] == [source] * 4


def test_tables_may_stand_after_the_options_and_be_a_folder(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more/wald.csv").write_text(ZOO)
    tables = ("--tables", str(folder / "zoo.csv"), str(folder / "more"))
    said = run("generate", "--source", "template", "--count", "2", "--out", str(folder / "q"),
               "--processes", "2", *tables)  # fmt: skip
    assert said.startswith("4 questions about 2 tables")


def test_a_file_that_is_no_table_stops_no_other_and_the_exit_code_says_so(folder: Path) -> None:
    (folder / "broken.csv").write_text("a,b\n1\n")
    words = ("generate", "--source", "template", "--count", "2", "--out", str(folder / "q"))
    result = CliRunner().invoke(question, [*words, str(folder)])
    assert isinstance(result.exception, FaultsFound)
    assert "refused: " in result.stderr
    assert "2 questions about 1 table" in result.stdout
    with pytest.raises(NotATable):
        invoke(*words, str(folder / "broken.csv"))


def test_an_impossible_count_says_how_many_are_possible_and_why(folder: Path) -> None:
    (folder / "tiny.csv").write_text(TINY)
    words = ["generate", "--source", "procedural", "--tables", str(folder / "tiny.csv"), "--count",
             "50", "--out", str(folder / "q")]  # fmt: skip
    result = CliRunner().invoke(question, words)
    assert isinstance(result.exception, BadRequest)
    held = len(list(read_records(folder / "q/procedural/tiny.jsonl", Question)))
    assert held < 50
    assert f"  tiny holds {held} of 50: " in result.stdout
    assert f"(fewest: {held} of tiny)" in str(result.exception)
    assert (held, str(result.exception).count("ask for 1, name larger tables")) == (1, 1)
    assert "--at-most" in str(result.exception)
    assert f"tiny holds {held} of 50" in run(*words, "--at-most")
    (short,) = orjson.loads(run(*words, "--at-most", "--json"))["short"]["procedural"]
    assert (short["table"], short["questions"]) == ("tiny", held)
    assert short["tried"] == held + sum(short["rejected"].values())


@pytest.mark.parametrize(
    ("source", "table", "count", "said"),
    [
        ("template", TINY, 12, "tiny holds 0 of 12: 2,000 items tried, the last 2,000 gave none"),
        ("procedural", TINY, 12, "tiny holds 1 of 12: its only program tried; nothing was reject"),
        ("procedural", PAIRS, 400, " items tried, the last 2,000 gave none; "),
    ],
)
def test_it_is_told_how_far_a_table_was_searched(
    folder: Path, source: str, table: str, count: int, said: str
) -> None:
    (folder / "tiny.csv").write_text(table)
    out = run("generate", "--source", source, "--tables", str(folder / "tiny.csv"), "--count",
              str(count), "--at-most", "--out", str(folder / "q"))  # fmt: skip
    assert said in out


def test_a_count_that_was_told_to_be_possible_is(folder: Path) -> None:
    (folder / "tiny.csv").write_text(PAIRS)
    words = ("generate", "--source", "procedural", "--tables", str(folder / "tiny.csv"), "--out",
             str(folder / "q"), "--count")  # fmt: skip
    result = CliRunner().invoke(question, [*words, "400"])
    assert isinstance(result.exception, BadRequest)
    (possible,) = re.findall(r"ask for at most (\d+), ", str(result.exception))
    assert run(*words, possible).startswith(f"{possible} questions about 1 table")


def test_families_are_chosen_by_name(folder: Path) -> None:
    words = ("generate", "--source", "template", "--tables", str(folder / "zoo.csv"), "--count",
             "2", "--out", str(folder / "q"), "--family", "mean_of_column")  # fmt: skip
    run(*words)
    found = read_records(folder / "q/template/zoo.jsonl", Question)
    assert {each.family for each in found} == {"mean_of_column"}
    with pytest.raises(BadRequest, match="'std_of_colum': the nearest are std_of_column"):
        invoke(*words, "--family", "std_of_colum")
    with pytest.raises(BadRequest, match="--family names families of templates"):
        invoke("generate", "--source", "all", "--family", "mean_of_column", "--out", "q")


def test_families_are_listed_with_the_number_of_tables_that_fit(folder: Path) -> None:
    rows = orjson.loads(run("families", "--tables", str(folder / "zoo.csv"), "--json"))
    assert [row["family"] for row in rows] == [template.name for template in TEMPLATES]
    fits = {row["family"]: row["fits"] for row in rows}
    assert (fits["mean_of_column"], fits["correlation_of_columns"]) == (1, 0)
    lines = run("families", str(folder / "zoo.csv")).splitlines()
    assert len(lines) == len(TEMPLATES)
    assert lines[0].split()[:4] == ["mean_of_column", "1", "of", "1"]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    assert f"Example: tracemill question {name}" in run(name, "--help")
