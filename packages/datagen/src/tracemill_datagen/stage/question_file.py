"""The questions of one source about one table, with the table that they are about.

Questions lie in ``questions/SOURCE/NAME.jsonl``, their table in ``tables/NAME.csv``; episodes and
traces lie under the same SOURCE and NAME, so no source ever touches another's files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_schema.canonical import short
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import SOURCES, Question, Source


@dataclass(frozen=True, kw_only=True)
class QuestionFile:
    """One file of questions and the bytes of its table.

    Attributes:
        path: The file of questions.
        questions: Its questions in order.
        table: The bytes of the table's CSV file; their digest is every question's table_id.
    """

    path: Path
    questions: tuple[Question, ...]
    table: bytes


def question_paths(questions: Path) -> tuple[tuple[Source, Path], ...]:
    """Return the question files of a folder by source, each source sorted by name.

    Raises:
        BadRequest: if there is none.
    """
    found = tuple(
        (source, path)
        for source in SOURCES
        for path in sorted((questions / source).glob("*.jsonl"))
    )
    if not found:
        raise BadRequest(
            f"{questions}: wanted question files SOURCE/NAME.jsonl, got none; "
            "run the stage questions first"
        )
    return found


def read_question_file(path: Path, table: Path) -> QuestionFile:
    """Read the questions of a file and check that they are about exactly this table.

    Raises:
        BadRequest: if the table is missing.
        StaleInput: if the table is not the one that a question was made from.
        RecordError: if a line is not a question.
    """
    try:
        data = table.read_bytes()
    except OSError as error:
        raise BadRequest(
            f"{table}: wanted the table of {path}, got {error.strerror}; "
            "run the stages tables and questions first"
        ) from error
    questions = tuple(read_records(path, Question))
    digest = hashlib.sha256(data).hexdigest()
    for question in questions:
        if question.table_id != digest:
            raise StaleInput(
                where=str(table),
                wanted=f"the table {short(question.table_id or 'none')} of question "
                f"{short(question.id)} in {path}",
                got=f"table {short(digest)}",
                remedy="make its questions again (stage questions)",
            )
    return QuestionFile(path=path, questions=questions, table=data)


def read_all(questions: Path, tables: Path) -> Iterator[tuple[Source, QuestionFile]]:
    """Yield every question file of a folder with its table; raises like the two above."""
    for source, path in question_paths(questions):
        yield source, read_question_file(path, tables / f"{path.stem}.csv")
