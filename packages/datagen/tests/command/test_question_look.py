"""``tracemill question show``, ``stats``, ``gaps`` and ``explain``."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from tracemill_datagen.command.question import question
from tracemill_datagen.errors import BadRequest
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import read_records, write_records
from tracemill_schema.question import Question

ZOO = "name,kind,mass\n" + "".join(f"animal {n},{'ab'[n % 2]},{n * n}\n" for n in range(1, 25))


def invoke(*args: str) -> Result:
    return CliRunner().invoke(question, list(args), catch_exceptions=False)


def run(*args: str) -> str:
    result = invoke(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions")
    (path / "zoo.csv").write_text(ZOO)
    run("generate", "--source", "all", "--tables", str(path / "zoo.csv"), "--count", "8",
        "--out", str(path / "q"))  # fmt: skip
    return path


def test_show_lists_and_prints_one(folder: Path) -> None:
    file = str(folder / "q" / "template" / "zoo.jsonl")
    lines = run("show", file).splitlines()
    assert len(lines) == 8
    identifier, _, prompt = lines[0].partition("  ")
    whole = run("show", file, identifier)
    assert prompt in whole
    assert "import pandas as pd" in whole
    assert orjson.loads(run("show", file, identifier, "--json"))["prompt"] == prompt


def test_stats_count_what_there_is(folder: Path) -> None:
    stats = orjson.loads(run("stats", str(folder / "q"), "--json"))
    assert (stats["questions"], stats["source"]) == (16, {"procedural": 8, "template": 8})
    assert stats["table"] == {"zoo": 16}
    assert sum(stats["family"].values()) == sum(stats["shape"].values()) == 8
    assert run("stats", str(folder / "q")).startswith("16 questions\n")


def test_gaps_tell_what_is_lacking_and_why(folder: Path) -> None:
    words = ("gaps", str(folder / "q"), "--tables", str(folder / "zoo.csv"))
    rows = orjson.loads(run(*words, "--few", "1", "--json"))["gaps"]
    why = {(row["of"], row["name"]): row["why"] for row in rows}
    wanted = "none of 1 tables has the columns for it"
    assert why["family", "correlation_of_columns"] == wanted
    assert why["operator", "correlation"] == "0 of 1 tables have the columns for it"
    assert ("family", "mean_of_column") not in why
    lines = run(*words, "--few", "3").splitlines()
    assert lines[0].startswith("16 questions; ")
    assert any(line.split()[:2] == ["family", "mean_of_column"] for line in lines)


def test_explain_prints_the_readings_evaluated_again(folder: Path) -> None:
    for line in run("show", str(folder / "q/template")).splitlines():
        words = ("explain", line[:16], "--questions", str(folder / "q"),
                 "--tables", str(folder / "zoo.csv"))  # fmt: skip
        explained = orjson.loads(run(*words, "--json"))
        assert explained["status"] in {"settled", "stated", "open"}
        assert explained["readings"]
        assert (explained["checked"], explained["faults"]) == (True, [])
        assert f"{explained['status']}: " in run(*words)


def test_explain_tells_what_is_stored_where_no_table_is_at_hand(folder: Path) -> None:
    identifier = run("show", str(folder / "q"))[:16]
    words = ("explain", identifier, "--questions", str(folder / "q"))
    assert "give it with --tables" in run(*words)
    with pytest.raises(BadRequest, match="wanted the table .* of the question, got others"):
        invoke(*words, "--tables", "penguins")


def test_explain_ends_with_one_where_a_stored_reading_is_wrong(
    folder: Path, tmp_path: Path
) -> None:
    first = next(read_records(folder / "q/template/zoo.jsonl", Question))
    wrong = first.readings[0].replace(value=-7)
    changed = first.replace(readings=(wrong, *first.readings[1:]))
    changed = changed.replace(id=changed.computed_id())
    write_records(tmp_path / "q.jsonl", [changed])
    with pytest.raises(FaultsFound, match="faults, see above"):
        invoke("explain", changed.id[:8], "--questions", str(tmp_path / "q.jsonl"),
               "--tables", str(folder / "zoo.csv"))  # fmt: skip
