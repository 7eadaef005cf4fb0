"""The questions of one source about one table, with the table that they are about.

Questions lie in ``questions/SOURCE/NAME.jsonl``, their table in ``tables/NAME.csv``; episodes and
traces lie under the same SOURCE and NAME, so no source ever touches another's files. Of two tables
that are asked about as one, NAME is ``LEFT_with_RIGHT``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.program.engine.source import TABLE_FILE, files_of
from tracemill_datagen.table.store import load_joined, parts_of
from tracemill_schema.canonical import short
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import SOURCES, Question, Source
from tracemill_schema.table import Table


@dataclass(frozen=True, kw_only=True)
class QuestionFile:
    """One file of questions and the bytes of its table.

    Attributes:
        path: The file of questions.
        questions: Its questions in order.
        table: The bytes of the table's CSV file; their digest is every question's table_id, unless
            the questions are about a join: then they are those of its left table.
        beside: Files that the questions' programs read beside it, by name: of a join the right
            table, else none.
        join: What is known of both tables of a join as one; its id is every question's table_id.
    """

    path: Path
    questions: tuple[Question, ...]
    table: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)
    join: Table | None = None


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


def read_joined_file(path: Path, tables: Path, parts: tuple[str, str]) -> QuestionFile:
    """Read the questions of a file about two tables of a folder as one.

    Args:
        path: The file.
        tables: The folder.
        parts: The names of the left and the right table.

    Raises:
        StaleInput: if they are not the ones that a question was made from.
        RecordError: if a line is not a question, or a table's profile is none.
    """
    questions = tuple(read_records(path, Question))
    left, right = parts
    found = load_joined(tables, left, right)
    for question in questions:
        if found is None or question.table_id != found[1].id:
            raise StaleInput(
                where=f"{tables / left}.csv or {right}.csv",
                wanted=f"the table {short(question.table_id or 'none')} of question "
                f"{short(question.id)} in {path}",
                got=f"table {short(found[1].id)}" if found else "tables without a common column",
                remedy="make its questions again (stage questions)",
            )
    if found is None:
        return QuestionFile(path=path, questions=questions, table=b"")
    sheet, profile = found
    files = files_of(sheet)
    table = files.pop(TABLE_FILE)
    return QuestionFile(path=path, questions=questions, table=table, beside=files, join=profile)


def read_all(questions: Path, tables: Path) -> Iterator[tuple[Source, QuestionFile]]:
    """Yield every question file of a folder with its table; raises like the three above."""
    for source, path in question_paths(questions):
        table = tables / f"{path.stem}.csv"
        parts = None if table.is_file() else parts_of(tables, path.stem)
        if parts is None:
            yield source, read_question_file(path, table)
        else:
            yield source, read_joined_file(path, tables, parts)
