"""Question files by source, and what is kept when they are asked for again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import tracemill_schema
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.store import Written, generator_digest, write_source
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question


def write(bench: Bench, out: Path, *, count: int = 4, names: int = 1) -> Written:
    return write_source(
        [bench.sheet][:names],
        out,
        "template",
        count=count,
        seed=0,
        code="0" * 64,
        progress=lambda *_: None,
    )


def test_whole_files_of_the_same_inputs_are_kept(bench: Bench, tmp_path: Path) -> None:
    first = write(bench, tmp_path)
    path = tmp_path / "template" / "penguins.jsonl"
    stamp = path.stat().st_mtime_ns
    second = write(bench, tmp_path)
    assert (first.unchanged, second.unchanged, path.stat().st_mtime_ns) == (0, 1, stamp)
    assert (second.questions, second.rejected) == (first.questions, first.rejected)
    assert len(list(read_records(path, Question))) == 4
    assert write(bench, tmp_path, count=5).unchanged == 0


@pytest.mark.parametrize("damage", ["file", "record", "torn"])
def test_a_damaged_file_is_made_again_with_the_same_bytes(
    bench: Bench, tmp_path: Path, damage: str
) -> None:
    write(bench, tmp_path)
    path, made = tmp_path / "template/penguins.jsonl", tmp_path / ".made/template/penguins.json"
    whole = path.read_bytes()
    {
        "file": lambda: path.write_bytes(whole[:-10]),
        "record": made.unlink,
        "torn": lambda: made.write_bytes(b"{"),
    }[damage]()
    assert write(bench, tmp_path).unchanged == 0
    assert path.read_bytes() == whole


def test_files_of_other_tables_go_and_other_sources_stay(bench: Bench, tmp_path: Path) -> None:
    write(bench, tmp_path)
    other = tmp_path / "procedural" / "penguins.jsonl"
    other.parent.mkdir()
    other.write_text("")
    write(bench, tmp_path, names=0)
    assert not (tmp_path / "template" / "penguins.jsonl").exists()
    assert other.exists()


def test_generator_digest_covers_the_schema_that_decides_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = generator_digest()
    assert before == generator_digest()
    copy = tmp_path / "tracemill_schema"
    shutil.copytree(Path(tracemill_schema.__file__).parent, copy)
    (copy / "answer.py").write_text("changed = True\n")
    monkeypatch.setattr(tracemill_schema, "__file__", str(copy / "__init__.py"))
    assert generator_digest() != before
