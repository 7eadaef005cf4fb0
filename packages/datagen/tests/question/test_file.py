"""Files of questions as a person names them."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import orjson
import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.question import file
from tracemill_datagen.question.file import find, lines, question_files
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import write_records
from tracemill_schema.question import Question


@pytest.fixture
def folder(tmp_path: Path, questions: dict[str, Question]) -> Path:
    asked = list(questions.values())
    write_records(tmp_path / "q/template/flowers.jsonl", asked[:4])
    write_records(tmp_path / "q/procedural/flowers.jsonl", asked[4:6])
    (tmp_path / "q/.made/template").mkdir(parents=True)
    (tmp_path / "q/.made/template/x.jsonl").write_text("no question\n")
    return tmp_path / "q"


def test_a_folder_stands_for_the_files_below_it_but_hidden_ones(folder: Path) -> None:
    template, procedural = folder / "template/flowers.jsonl", folder / "procedural/flowers.jsonl"
    assert question_files([folder]) == (procedural, template)
    assert question_files([template, folder]) == (template, procedural)
    assert len(list(file.questions([folder]))) == 6


KINDS = [
    ("gzip", gzip.compress(b"{}\n"), "got a gzip file (unpack it first)"),
    ("parquet", b"PAR1....", "got a Parquet file"),
    ("csv", b"kind;mass\nred;1\n", "begins with 'kind;mass'; is it a table? Give that with --tab"),
    ("empty", b"", "got an empty file"),
    ("json", b'[\n{"id": 1}]', "got a JSON list (write one object a line)"),
    ("binary", bytes(range(128, 200)), "got a file that begins with"),
]


@pytest.mark.parametrize(("data", "said"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])
def test_a_file_of_another_kind_is_refused_by_what_it_is(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "file.jsonl"
    path.write_bytes(data)
    for reads in (lambda: list(lines(path)), lambda: question_files([path])):
        with pytest.raises(BadRequest) as caught:
            reads()
        assert str(caught.value).startswith(f"{path}: wanted questions, one JSON object a line, ")
        assert said in str(caught.value)
        assert "name a file of questions (OUT/SOURCE/TABLE.jsonl)" in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="got no such file or directory"):
        question_files([tmp_path / "missing"])
    with pytest.raises(BadRequest, match=r"wanted \*.jsonl files below it, got none"):
        question_files([tmp_path])
    with pytest.raises(BadRequest, match="got a folder"):
        list(lines(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadRequest, match="got a pipe, socket or device"):
        list(lines(tmp_path / "pipe"))


def test_an_empty_file_is_passed_over_in_a_folder_only(folder: Path) -> None:
    (folder / "template/small.jsonl").touch()
    assert len(question_files([folder])) == 2
    (folder / "empty").mkdir()
    (folder / "empty/a.jsonl").touch()
    with pytest.raises(BadRequest, match="below it, got 1 empty ones"):
        question_files([folder / "empty"])


def test_every_line_is_told_with_its_number_and_faults(folder: Path) -> None:
    path = folder / "template/flowers.jsonl"
    whole = path.read_bytes().splitlines(keepends=True)
    changed = orjson.loads(whole[1]) | {"n_steps": 4}
    legacy = orjson.loads(whole[2]) | {"_ground_truth": 1}
    path.write_bytes(
        b"".join(
            (whole[0], orjson.dumps(changed), b"\n", orjson.dumps(legacy), b"\n", whole[3][:-9])
        )
    )
    found = list(lines(path))
    assert [line.number for line in found] == [1, 2, 3, 4]
    assert [line.question is None for line in found] == [False, True, True, True]
    assert [fault.pointer for line in found for fault in line.faults] == [
        "/id",
        "/_ground_truth",
        "",
    ]
    assert found[2].faults[0].wanted == "no such key; it is now answers"
    assert "the file was cut off; make it again" in found[3].faults[0].got
    with pytest.raises(RecordError, match=r"flowers.jsonl line 2 is not a valid question.v1"):
        list(file.questions([folder]))


def test_a_question_is_found_by_the_first_digits_of_its_id(
    folder: Path, questions: dict[str, Question]
) -> None:
    first = next(iter(questions.values()))
    assert find([folder], first.id[:12].upper()) == first
    with pytest.raises(BadRequest, match="wanted at least 4 digits"):
        find([folder], first.id[:3])
    missing = "0000" if not first.id.startswith("0000") else "ffff"
    with pytest.raises(BadRequest, match="got 0; check the digits and the folder"):
        find([folder], missing)
