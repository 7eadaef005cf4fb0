"""``tracemill question validate``."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from tracemill_datagen.command.question import question
from tracemill_datagen.errors import BadRequest
from tracemill_schema.errors import FaultsFound

ZOO = "name;kind;mass\n" + "".join(f"animal {n};{'ab'[n % 2]};{n * n},5\n" for n in range(1, 25))


def invoke(*args: str) -> Result:
    return CliRunner().invoke(question, list(args))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zoo.csv").write_text(ZOO)
    result = invoke("generate", "--source", "all", "--tables", str(tmp_path / "zoo.csv"),
                    "--count", "6", "--out", str(tmp_path / "q"))  # fmt: skip
    assert result.exit_code == 0, result.output
    return tmp_path


def test_what_generate_wrote_holds(folder: Path) -> None:
    words = ("validate", str(folder / "q"), "--tables", str(folder / "zoo.csv"))
    result = invoke(*words)
    assert (result.exit_code, result.stdout) == (0, "12 questions checked, 0 faults\n")
    found = orjson.loads(invoke(*words, "--processes", "2", "--json").stdout)
    assert found == {"checked": 12, "audited": 0, "kinds": {}, "faults": []}


@pytest.mark.sandbox
def test_some_are_run_by_pandas_where_that_is_asked(folder: Path) -> None:
    words = ("validate", str(folder / "q"), "--tables", str(folder / "zoo.csv"), "--audit", "5")
    result = invoke(*words)
    assert (result.exit_code, result.stdout) == (
        0,
        "12 questions checked, 5 run by pandas, 0 faults\n",
    )


def test_faults_are_told_by_kind_with_file_and_line(folder: Path) -> None:
    path = folder / "q/template/zoo.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    legacy = orjson.dumps({**orjson.loads(lines[1]), "_ground_truth": 1}) + b"\n"
    path.write_bytes(b"".join((lines[0], legacy, lines[2][:-5])))
    result = invoke("validate", str(path), "--tables", str(folder / "zoo.csv"))
    assert isinstance(result.exception, FaultsFound)
    printed = result.stdout.splitlines()
    assert printed[0].startswith(f"{path}:2: legacy: wanted /_ground_truth: no such key; it is now")
    assert printed[1].startswith(f"{path}:3: line: wanted (line): a whole line")
    assert printed[2:] == ["3 questions checked, 2 faults", "  legacy                1",
                           "  line                  1"]  # fmt: skip


def test_a_table_that_changed_is_refused_by_digest(folder: Path) -> None:
    (folder / "zoo.csv").write_text(ZOO + "late;a;3,5\n")
    result = invoke("validate", str(folder / "q"), "--tables", str(folder / "zoo.csv"), "--json")
    assert isinstance(result.exception, FaultsFound)
    found = orjson.loads(result.stdout)
    assert found["kinds"] == {"table_changed": 12}
    (fault,) = found["faults"]
    assert (fault["kind"], fault["line"], fault["concerns"]) == ("table_changed", 1, 12)
    assert str(result.exception) == "12 of 12 questions do not hold"
    said = invoke("validate", str(folder / "q"), "--tables", str(folder / "zoo.csv")).stdout
    line, *summary = said.splitlines()
    assert "which 12 questions in 2 files were made from, got table" in line
    assert summary == ["12 questions checked, 12 faults", "  table_changed        12"]


def test_what_is_no_file_of_questions_is_wrong_usage(folder: Path) -> None:
    result = invoke("validate", str(folder / "zoo.csv"))
    assert isinstance(result.exception, BadRequest)
    assert "is it a table? Give that with --tables" in str(result.exception)
    assert result.exception.exit_code == 2
