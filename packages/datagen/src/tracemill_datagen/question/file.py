"""Questions as they lie on disk: files and folders named by a person, read strictly.

What is no file of questions is told by what it is: a packed file, a table, a folder without any.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.errors import BadRequest
from tracemill_schema.errors import Fault, RecordError
from tracemill_schema.jsonl import MAX_LINE_BYTES
from tracemill_schema.question import Question

HEAD_BYTES = 4096
OTHER_KINDS = {
    b"\x1f\x8b": "a gzip file (unpack it first)",
    b"PAR1": "a Parquet file",
    b"[": "a JSON list (write one object a line)",
}
"""How files of other kinds begin."""

REMEDY = "name a file of questions (OUT/SOURCE/TABLE.jsonl) or the folder OUT"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a file of questions.

    Attributes:
        path: The file.
        number: Its number, from 1.
        question: The question, or None if the line does not hold one.
        faults: What is wrong with the line, if it does not.
    """

    path: Path
    number: int
    question: Question | None
    faults: tuple[Fault, ...]

    @property
    def where(self) -> str:
        """File and line, as faults name them."""
        return f"{self.path} line {self.number}"


def question_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files of questions that paths name; of a folder all ``*.jsonl`` below it.

    In a folder a file may be empty: a table that holds no question has such a one.

    Raises:
        BadRequest: if a path is missing or holds no questions; the message says what it holds.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = [p for p in sorted(path.rglob("*.jsonl")) if not _is_hidden(p, path)]
            filled = [p for p in below if p.stat().st_size]
            if not filled:
                got = f"{len(below)} empty ones" if below else "none"
                raise BadRequest(f"{path}: wanted *.jsonl files below it, got {got}; {REMEDY}")
            found.extend(filled)
        else:
            _check(path)
            found.append(path)
    return tuple(dict.fromkeys(found))


def lines(path: Path) -> Iterator[Line]:
    """Yield every line of a file, those that hold no question with their faults.

    Raises:
        BadRequest: if the file cannot be read, or is of another kind.
    """
    _check(path)
    with path.open("rb") as stream:
        number = 0
        while text := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            yield _line(path, number, text)
            while not text.endswith(b"\n") and (text := stream.readline(MAX_LINE_BYTES)):
                continue  # the rest of a line that is too long


def questions(paths: Sequence[Path]) -> Iterator[Question]:
    """Yield all questions of files and folders in order.

    Raises:
        BadRequest: as ``question_files`` does.
        RecordError: at the first line that does not hold a question.
    """
    for path in question_files(paths):
        for line in lines(path):
            if line.question is None:
                raise RecordError(contract=Question.contract, where=line.where, faults=line.faults)
            yield line.question


def find(paths: Sequence[Path], identifier: str) -> Question:
    """Find a stored question by its id or the first digits of it.

    Args:
        paths: Files and folders to search.
        identifier: At least 4 hex digits.

    Raises:
        BadRequest: if none or several have it.
    """
    where = ", ".join(map(str, paths))
    if len(identifier) < 4:
        raise BadRequest(
            f"wanted at least 4 digits of a question's id, got {identifier!r}; "
            "list the ids with: tracemill question show FILE"
        )
    found = {q.id: q for q in questions(paths) if q.id.startswith(identifier.lower())}
    if len(found) != 1:
        raise BadRequest(
            f"{where}: wanted one question whose id begins with {identifier!r}, got "
            f"{len(found)}; {'give more digits' if found else 'check the digits and the folder'} "
            "(see: tracemill question show FILE)"
        )
    return next(iter(found.values()))


def _line(path: Path, number: int, text: bytes) -> Line:
    try:
        if not text.endswith(b"\n"):
            wanted = f"a whole line of at most {MAX_LINE_BYTES} bytes"
            got = f"{len(text)} bytes without an end: the file was cut off; make it again"
            fault = Fault(pointer="", wanted=wanted, got=got)
            return Line(path=path, number=number, question=None, faults=(fault,))
        where = f"{path} line {number}"
        question = Question.from_bytes(text, where=where)
        question.verify_id(where=where)
    except RecordError as error:
        return Line(path=path, number=number, question=None, faults=error.faults)
    return Line(path=path, number=number, question=question, faults=())


def _check(path: Path) -> None:
    """Refuse what cannot be a file of questions, by what it is."""
    got = _other_kind(path)
    if got:
        raise BadRequest(f"{path}: wanted questions, one JSON object a line, got {got}; {REMEDY}")


def _other_kind(path: Path) -> str:
    """Say what a path is if it is no file of questions, else nothing."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return "a folder"
        if not stat.S_ISREG(mode):
            return "a pipe, socket or device"
        with path.open("rb") as stream:
            return _other_content(stream.read(HEAD_BYTES))
    except OSError as error:
        return (error.strerror or str(error)).lower()


def _other_content(head: bytes) -> str:
    """Say what a file is that begins so, or nothing if it may hold questions."""
    for start, kind in OTHER_KINDS.items():
        if head.startswith(start):
            return kind
    if head.lstrip()[:1] == b"{":
        return ""
    first = head.split(b"\n", 1)[0].decode(errors="replace").strip()
    if not head:
        return "an empty file"
    return f"a file that begins with {first[:40]!r}; is it a table? Give that with --tables"


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
