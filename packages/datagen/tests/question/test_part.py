"""The file of a table that is not done."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_datagen.question.part import Kept, Part, kept_in
from tracemill_schema.jsonl import CannotWrite
from tracemill_schema.question import Question

INPUTS, OTHER = "1" * 64, "2" * 64


@pytest.fixture
def kept(questions: dict[str, Question]) -> list[Kept]:
    asked = list(questions.values())[:4]
    return [
        Kept(item=3 * n, question=question, rejected={"tie": 2} if n else {})
        for n, question in enumerate(asked)
    ]


def fill(path: Path, kept: list[Kept], inputs: str = INPUTS) -> bytes:
    with Part(path, inputs) as part:
        for each in kept:
            part.append(each)
    return path.read_bytes()


def test_what_was_kept_is_there_again_and_more_is_added(tmp_path: Path, kept: list[Kept]) -> None:
    path = tmp_path / "made/zoo.part"
    fill(path, kept[:2])
    with Part(path, INPUTS) as part:
        assert part.before == tuple(kept[:2])
        part.append(kept[2])
        assert part.lines == [each.question.to_bytes() + b"\n" for each in kept[:3]]
    assert kept_in(path, INPUTS) == tuple(kept[:3])
    assert path.read_bytes() == fill(tmp_path / "at_once.part", kept[:3])


def test_the_bytes_are_those_of_the_record(tmp_path: Path, kept: list[Kept]) -> None:
    lines = fill(tmp_path / "zoo.part", kept).splitlines()
    assert lines[1:] == [each.to_bytes() for each in kept]


def test_what_was_made_from_something_else_is_not_taken(tmp_path: Path, kept: list[Kept]) -> None:
    path = tmp_path / "zoo.part"
    fill(path, kept)
    assert kept_in(path, OTHER) == ()
    assert kept_in(tmp_path / "absent.part", INPUTS) == ()
    with Part(path, OTHER) as part:
        assert part.before == ()
    assert kept_in(path, INPUTS) == ()


Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, tuple[Damage, int]] = {
    "torn line": (lambda data: data[:-10], 3),
    "no last newline": (lambda data: data[:-1], 3),
    "zeros": (lambda data: data + b"\0" * 4096, 4),
    "spoilt question": (lambda data: data.replace(b'"seed":0', b'"seed":1', 1), 0),
    "spoilt head": (lambda data: b"[" + data, 0),
    "items out of order": (lambda data: data.replace(b'{"item":9', b'{"item":2'), 3),
    "empty": (lambda _: b"", 0),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_of_a_damaged_file_the_whole_records_at_its_head_are_taken(
    tmp_path: Path, kept: list[Kept], damage: str
) -> None:
    path = tmp_path / "zoo.part"
    change, whole = DAMAGES[damage]
    path.write_bytes(change(fill(path, kept)))
    with Part(path, INPUTS) as part:
        assert part.before == tuple(kept[:whole])
        for each in kept[whole:]:
            part.append(each)
    assert path.read_bytes() == fill(tmp_path / "at_once.part", kept)


def test_a_process_of_a_killed_command_cannot_extend_the_file_of_the_next(
    tmp_path: Path, kept: list[Kept]
) -> None:
    path = tmp_path / "zoo.part"
    with Part(path, INPUTS) as left_over:
        left_over.append(kept[0])
        with Part(path, INPUTS) as part:
            left_over.append(kept[1])
            part.append(kept[2])
    assert kept_in(path, INPUTS) == (kept[0], kept[2])


def test_a_full_disk_is_told_and_what_was_kept_stands(tmp_path: Path, kept: list[Kept]) -> None:
    path = tmp_path / "zoo.part"
    with Part(path, INPUTS) as part:
        part.append(kept[0])
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, part.stream.fileno())
        os.close(full)
        with pytest.raises(CannotWrite, match=r"zoo\.part: could not be extended \(No space left"):
            part.append(kept[1])
    assert kept_in(path, INPUTS) == (kept[0],)
