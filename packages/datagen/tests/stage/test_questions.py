"""The stage that makes questions about all stored tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.stage import questions, tables
from tracemill_schema.canonical import JsonObject
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question

ZOO = "name,kind,mass\n" + "".join(f"animal {n},{'ab'[n % 2]},{n * n}\n" for n in range(1, 25))
CONFIG: JsonObject = {
    "tables": "tables",
    "out": "questions",
    "seed": 0,
    "template_per_table": 3,
    "procedural_per_table": 2,
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "zoo.csv").write_text(ZOO)
    tables.run({"tables": [str(tmp_path / "zoo.csv")], "out": "tables"}, tmp_path)
    return tmp_path


def digest(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_questions_are_stored_by_source_and_kept(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = questions.run(CONFIG, workspace)
    assert (first["tables"], first["template"], first["procedural"]) == (1, 3, 2)
    assert '"label":"template questions"' in capsys.readouterr().out
    for source, count in (("template", 3), ("procedural", 2)):
        found = list(read_records(workspace / "questions" / source / "zoo.jsonl", Question))
        assert [question.source for question in found] == [source] * count
    before = digest(workspace)
    assert questions.run(CONFIG, workspace) == {**first, "unchanged": 2}
    assert digest(workspace) == before


def test_tables_that_belong_together_are_asked_about_as_one_where_that_is_set(
    travel: Path,
) -> None:
    alone = questions.run(CONFIG, travel)
    before = digest(travel)
    assert questions.run({**CONFIG, "joins": False}, travel)["unchanged"] == 4
    assert digest(travel) == before
    both = questions.run({**CONFIG, "joins": True}, travel)
    assert (alone["template"], both["template"], both["tables"]) == (6, 9, 2)
    assert before.items() <= digest(travel).items()
    asked = list(read_records(travel / "questions/template/trips_with_places.jsonl", Question))
    assert len(asked) == 3
    assert all("In the table trips, each row joined with" in each.prompt for each in asked)
    assert not (travel / "questions/procedural/trips_with_places.jsonl").exists()
    questions.run(CONFIG, travel)
    assert digest(travel) == before


def test_a_kill_between_files_leaves_the_same_bytes_in_the_end(workspace: Path) -> None:
    questions.run(CONFIG, workspace)
    whole = digest(workspace)
    (workspace / "questions/.made/procedural/zoo.json").unlink()
    (workspace / "questions/procedural/zoo.jsonl").write_bytes(b"{")
    questions.run(CONFIG, workspace)
    assert digest(workspace) == whole


def test_a_table_changed_since_it_was_profiled_is_refused(workspace: Path) -> None:
    (workspace / "tables/zoo.csv").write_text(ZOO + "last,a,3\n")
    with pytest.raises(StaleInput, match="run the tables stage again"):
        questions.run(CONFIG, workspace)


def test_no_tables_is_a_bad_request(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="wanted at least one NAME.table.json, got none"):
        questions.run(CONFIG, tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [("seed", -1), ("template_per_table", "3"), ("count", 3), ("joins", "yes")],
)
def test_wrong_config_is_refused_by_key(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(RecordError, match=f"/{key}: wanted"):
        questions.run({**CONFIG, key: value}, tmp_path)  # type: ignore[dict-item]  # wrong on purpose


def test_a_table_of_huge_numbers_is_refused_item_by_item(tmp_path: Path) -> None:
    rows = "".join(f"{n}.5e27,{n}e200,{n}.5e307,{n * n}.5,{'ab'[n % 2]}\n" for n in range(1, 18))
    (tmp_path / "huge.csv").write_text(f"a,b,c,d,g\n{rows}")
    tables.run({"tables": [str(tmp_path / "huge.csv")], "out": "tables"}, tmp_path)
    assert questions.run(CONFIG, tmp_path)["template"] == 3
