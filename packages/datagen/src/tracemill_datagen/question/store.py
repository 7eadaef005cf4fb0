"""Questions on disk, by source: ``OUT/SOURCE/TABLE.jsonl``.

Beside each file a small record in ``OUT/.made/SOURCE/TABLE.json`` says what the file was made from.
A whole file whose inputs are unchanged is kept; the record is written after the file, so that a
kill in between only costs making that one file again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

import tracemill_datagen
import tracemill_schema
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import Batch, generate
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import ContentHash, content_id, file_digest, tree_digest
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record, write_record, write_records
from tracemill_schema.question import Source
from tracemill_schema.record import Record


class Made(Record):
    """What a file of questions was made from, and what it did not take."""

    contract: ClassVar[str] = "record of a question file"

    inputs: ContentHash
    file: ContentHash = Field(description="digest of the file that was written")
    questions: int = Field(ge=0)
    rejected: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Written:
    """Totals over tables: questions kept by the batch, rejections by reason, files not remade."""

    questions: int
    rejected: Mapping[str, int]
    unchanged: int


def generator_digest() -> str:
    """Return the digest of the code that questions depend on; the schema decides answers."""
    root = Path(tracemill_datagen.__file__).parent
    parts = [root / part for part in ("table", "program", "question", "template")]
    schema = Path(tracemill_schema.__file__).parent
    return content_id([tree_digest(folder) for folder in (*parts, schema)])


def write_source(
    sheets: Sequence[Sheet],
    out: Path,
    source: Source,
    *,
    count: int,
    seed: int,
    code: str,
    progress: Callable[[str, int, int, str], None],
) -> Written:
    """Write the questions of one source about some tables; touches no other source's files.

    Args:
        sheets: The tables.
        out: Folder of all sources.
        source: The source to write.
        count: Questions a table, at most.
        seed: Seed of the batch.
        code: ``generator_digest()``.
        progress: Called after each table with (label, done, total, note).
    """
    folder, made_folder = out / source, out / ".made" / source
    _remove_others(folder, made_folder, [sheet.name for sheet in sheets])
    totals: Counter[str] = Counter()
    questions = unchanged = 0
    for index, sheet in enumerate(sheets):
        inputs = content_id([code, sheet.digest, sheet.name, source, count, seed])
        path, made_path = folder / f"{sheet.name}.jsonl", made_folder / f"{sheet.name}.json"
        made = _whole(path, made_path, inputs)
        if made is None:
            made = _make(sheet, path, made_path, source, count=count, seed=seed, inputs=inputs)
        else:
            unchanged += 1
        questions += made.questions
        totals.update(made.rejected)
        progress(f"{source} questions", index + 1, len(sheets), f"{questions} verified")
    rejected = dict(sorted(totals.items()))
    return Written(questions=questions, rejected=rejected, unchanged=unchanged)


def _make(
    sheet: Sheet,
    path: Path,
    made_path: Path,
    source: Source,
    *,
    count: int,
    seed: int,
    inputs: str,
) -> Made:
    with Bench(sheet) as bench:
        batch: Batch = generate(bench, source, count=count, seed=seed)
    write_records(path, batch.questions)
    made = Made(
        inputs=inputs,
        file=file_digest(path),
        questions=len(batch.questions),
        rejected=dict(batch.rejected),
    )
    write_record(made_path, made)
    return made


def _whole(path: Path, made_path: Path, inputs: str) -> Made | None:
    """Return the record of a file that stands whole and was made from these inputs."""
    if not path.is_file() or not made_path.is_file():
        return None
    try:
        made = read_record(made_path, Made)
    except RecordError:
        return None
    return made if made.inputs == inputs and made.file == file_digest(path) else None


def _remove_others(folder: Path, made_folder: Path, names: Sequence[str]) -> None:
    """Remove the files of tables that are no longer there."""
    for stored in sorted(made_folder.glob("*.json")):
        if stored.stem not in names:
            (folder / f"{stored.stem}.jsonl").unlink(missing_ok=True)
            stored.unlink()
