from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.stage import questions, tables
from tracemill_datagen.stage.question_file import question_paths, read_all, read_question_file
from tracemill_schema.canonical import JsonObject

if TYPE_CHECKING:
    from tracemill_schema.question import Question

CONFIG: JsonObject = {
    "tables": "tables",
    "out": "questions",
    "seed": 0,
    "template_per_table": 3,
    "procedural_per_table": 0,
}


def test_question_files_come_by_source_and_name_with_their_table(
    workspace: Path, questions: dict[str, Question], table_bytes: bytes
) -> None:
    asked = workspace / "questions"
    (asked / "procedural").mkdir()
    for name in ("template/a", "procedural/a"):
        shutil.copy(asked / "template/flowers.jsonl", asked / f"{name}.jsonl")
    shutil.copy(workspace / "tables/flowers.csv", workspace / "tables/a.csv")
    found = list(read_all(asked, workspace / "tables"))
    assert [(source, item.path.stem) for source, item in found] == [
        ("template", "a"),
        ("template", "flowers"),
        ("procedural", "a"),
    ]
    assert found[0][1].table == table_bytes
    assert [question.id for question in found[0][1].questions] == [
        question.id for question in questions.values()
    ]


def test_questions_about_a_join_come_with_both_tables(travel: Path) -> None:
    questions.run({**CONFIG, "joins": True}, travel)
    found = {item.path.stem: item for _, item in read_all(travel / "questions", travel / "tables")}
    assert set(found) == {"places", "trips", "trips_with_places"}
    joined = found["trips_with_places"]
    assert joined.table == found["trips"].table == (travel / "tables/trips.csv").read_bytes()
    assert joined.beside == {"places.csv": (travel / "tables/places.csv").read_bytes()}
    assert found["trips"].beside == {}
    assert (found["trips"].join, found["places"].join) == (None, None)
    assert joined.join is not None
    assert {question.table_id for question in joined.questions} == {joined.join.id}
    assert (joined.join.rows, joined.join.licence) == (60, "unstated")
    assert joined.join.source == "trips.csv and places.csv"
    assert [column.name for column in joined.join.columns][-2:] == ["height", "side"]


def test_a_table_of_a_join_that_changed_since_is_refused(travel: Path) -> None:
    questions.run({**CONFIG, "joins": True}, travel)
    for path in (travel / "questions").glob("*/*.jsonl"):
        if path.stem != "trips_with_places":
            path.unlink()
    places = travel / "places.csv"
    places.write_text(places.read_text().replace("Oslo,10", "Oslo,11"))
    paths = [str(travel / "trips.csv"), str(places)]
    tables.run({"tables": paths, "out": "tables"}, travel)
    with pytest.raises(StaleInput) as caught:
        list(read_all(travel / "questions", travel / "tables"))
    message = str(caught.value)
    assert message.startswith(f"{travel / 'tables/trips.csv'} or places.csv changed: wanted the")
    assert message.endswith("; make its questions again (stage questions)")


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as caught:
        question_paths(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: wanted question files SOURCE/NAME.jsonl, got none; "
        "run the stage questions first"
    )


def test_a_table_that_changed_since_is_refused_by_digest(workspace: Path) -> None:
    path, table = workspace / "questions/template/flowers.jsonl", workspace / "tables/flowers.csv"
    table.write_bytes(table.read_bytes() + b"red,1.0,1\n")
    with pytest.raises(StaleInput) as caught:
        read_question_file(path, table)
    message = str(caught.value)
    assert message.startswith(f"{table} changed: wanted the table ")
    assert message.endswith("; make its questions again (stage questions)")


def test_a_missing_table_is_named(workspace: Path) -> None:
    table = workspace / "tables/flowers.csv"
    table.unlink()
    with pytest.raises(BadRequest, match="No such file or directory; run the stages tables and"):
        read_question_file(workspace / "questions/template/flowers.jsonl", table)
