"""Question files by source, and what is kept when they are asked for again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import tracemill_schema
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.part import Kept, Part
from tracemill_datagen.question.settle import settle
from tracemill_datagen.question.store import Written, generator_digest, write_source
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.jsonl import CannotWrite, read_records
from tracemill_schema.question import Question, Source

SMALL = ("elements", "penguins", "state_crime")


def write(
    bench: Bench,
    out: Path,
    *,
    count: int = 4,
    names: int = 1,
    families: tuple[str, ...] = (),
    keep_others: bool = False,
) -> Written:
    return write_source(
        [bench.sheet][:names],
        out,
        "template",
        count=count,
        seed=0,
        code="0" * 64,
        progress=lambda *_: None,
        families=families,
        keep_others=keep_others,
    )


def digests(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


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


def test_files_of_other_tables_stay_where_that_is_asked(bench: Bench, tmp_path: Path) -> None:
    write(bench, tmp_path)
    write(bench, tmp_path, names=0, keep_others=True)
    assert (tmp_path / "template" / "penguins.jsonl").exists()


def test_what_a_killed_command_left_goes(bench: Bench, tmp_path: Path) -> None:
    write(bench, tmp_path)
    before = digests(tmp_path)
    (tmp_path / "template/.penguins.jsonl.x1y2").write_text("{")
    (tmp_path / ".made/template/.penguins.json.x1y2").write_text("{")
    write(bench, tmp_path)
    assert digests(tmp_path) == before


PART = ".made/template/penguins.part"


class Stopped(BaseException):
    """What a test raises in the middle of a table, as an interrupt would be."""


def stopped(
    bench: Bench, out: Path, monkeypatch: pytest.MonkeyPatch, *, after: int, count: int = 6
) -> None:
    """Begin to write a table and stop when some questions have been kept."""
    append = Part.append

    def stops(part: Part, kept: Kept) -> None:
        append(part, kept)
        if len(part.lines) == after:
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(Part, "append", stops)
        with pytest.raises(Stopped):
            write(bench, out, count=count)


def test_a_table_goes_on_where_it_was_stopped(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = write(bench, tmp_path / "whole", count=6)
    stopped(bench, tmp_path / "q", monkeypatch, after=3)
    stopped(bench, tmp_path / "q", monkeypatch, after=4)
    assert not (tmp_path / "q/template/penguins.jsonl").exists()
    drawn: list[Proposal] = []

    def counted(proposal: Proposal, *args: Any, **asked: Any) -> Question:
        drawn.append(proposal)
        return settle(proposal, *args, **asked)

    monkeypatch.setattr("tracemill_datagen.question.generate.settle", counted)
    again = write(bench, tmp_path / "q", count=6)
    assert 2 <= len(drawn) <= whole.tables[0].tried - 4
    assert (again.resumed, whole.resumed) == (4, 0)
    assert digests(tmp_path / "q") == digests(tmp_path / "whole")


def test_what_was_made_from_something_else_is_begun_anew(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped(bench, tmp_path, monkeypatch, after=3)
    assert write(bench, tmp_path, count=5).resumed == 0
    assert not (tmp_path / PART).exists()


def test_what_is_left_of_a_table_that_is_whole_or_gone_goes(bench: Bench, tmp_path: Path) -> None:
    write(bench, tmp_path)
    before = digests(tmp_path)
    for name in ("penguins.part", "sheep.part"):
        (tmp_path / ".made/template" / name).write_text("{")
    write(bench, tmp_path)
    assert digests(tmp_path) == before
    (tmp_path / ".made/template/sheep.part").write_text("{")
    write(bench, tmp_path, keep_others=True)
    assert (tmp_path / ".made/template/sheep.part").exists()


def test_a_full_disk_says_what_stands(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Part.append

    def full(part: Part, kept: Kept) -> None:
        if len(part.lines) == 3:
            raise CannotWrite("zoo.part: could not be extended (No space left on device)")
        append(part, kept)

    with monkeypatch.context() as patch:
        patch.setattr(Part, "append", full)
        with pytest.raises(CannotWrite) as caught:
            write(bench, tmp_path)
    assert str(caught.value) == (
        "zoo.part: could not be extended (No space left on device); 0 of 1 files stand in "
        f"{tmp_path / 'template'}, and 3 questions of the others are kept: the same command goes "
        "on there"
    )
    assert write(bench, tmp_path).resumed == 3


def test_two_tables_of_one_name_are_refused(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="two tables of the name penguins: wanted different names"):
        write_source(
            [bench.sheet, bench.sheet],
            tmp_path,
            "template",
            count=1,
            seed=0,
            code="0" * 64,
            progress=lambda *_: None,
        )
    assert list(tmp_path.iterdir()) == []


def test_what_became_of_a_file_is_told(bench: Bench, tmp_path: Path) -> None:
    became = [
        write(bench, tmp_path, count=count, families=families).tables[0].became
        for count, families in ((4, ()), (4, ()), (5, ()), (5, ("mean_of_column",)))
    ]
    assert became == ["new", "unchanged", "replaced", "replaced"]


def test_families_that_are_named_are_the_only_ones(bench: Bench, tmp_path: Path) -> None:
    names = ("mean_of_column", "count_where")
    write(bench, tmp_path, count=8, families=names)
    found = {q.family for q in read_records(tmp_path / "template/penguins.jsonl", Question)}
    assert found == set(names)
    again = write(bench, tmp_path, count=8, families=(*reversed(names), names[0]))
    assert again.unchanged == 1
    with pytest.raises(BadRequest, match="no template family is called 'mean'"):
        write(bench, tmp_path, families=("mean",))


def test_a_familys_questions_do_not_depend_on_the_other_families(
    bench: Bench, tmp_path: Path
) -> None:
    write(bench, tmp_path / "all", count=60)
    write(bench, tmp_path / "one", count=3, families=("mean_of_column",))
    path = "template/penguins.jsonl"
    among = [
        q.id
        for q in read_records(tmp_path / "all" / path, Question)
        if q.family == "mean_of_column"
    ]
    alone = [q.id for q in read_records(tmp_path / "one" / path, Question)]
    assert among[: len(alone)] == alone[: len(among)] != []


@pytest.mark.parametrize("source", ["template", "procedural"])
def test_bytes_do_not_depend_on_the_number_of_processes(tmp_path: Path, source: Source) -> None:
    sheets = [embedded_sheet(embedded_named(name)) for name in SMALL]
    told: list[tuple[str, int, int, str]] = []
    for processes in (1, 2):
        written = write_source(
            sheets,
            tmp_path / str(processes),
            source,
            count=12,
            seed=3,
            code="0" * 64,
            progress=lambda *said: told.append(said),
            processes=processes,
        )
        assert [table.table for table in written.tables] == list(SMALL)
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
    assert told[-1][1:3] == (36, 36)


def test_a_table_that_holds_too_little_is_told_with_what_is_possible(tmp_path: Path) -> None:
    sheet = parse_sheet(b"x\n1\n", name="t", where="t.csv")
    written = write_source(
        [sheet],
        tmp_path,
        "procedural",
        count=3,
        seed=0,
        code="0" * 64,
        progress=lambda *_: None,
    )
    (table,) = written.tables
    assert table.questions == 1
    assert table.tried == sum(table.rejected.values()) + 1
    assert int(table.possible) >= table.tried


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
