"""Questions on disk, by source: ``OUT/SOURCE/TABLE.jsonl``.

Beside each file a small record in ``OUT/.made/SOURCE/TABLE.json`` says what the file was made from.
A whole file whose inputs are unchanged is kept; the record is written after the file, so that a
kill in between only costs making that one file again. Tables are shared out over processes, a file
each, so that the bytes are the same for any number of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from pydantic import Field

import tracemill_datagen
import tracemill_schema
from tracemill_datagen.crew import Tell, each
from tracemill_datagen.held import held
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.family import chosen
from tracemill_datagen.question.generate import generate
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import ContentHash, content_id, file_digest, tree_digest
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record, write_record, write_records
from tracemill_schema.question import Source
from tracemill_schema.record import Record

TOLD_EVERY = 50
"""Questions of one table after which progress is told before the table is done."""

Progress = Callable[[str, int, int, str], None]
"""(label, questions done, questions wanted, note); a table that holds fewer counts as done."""


class Made(Record):
    """What a file of questions was made from, and what it did not take."""

    contract: ClassVar[str] = "record of a question file"

    inputs: ContentHash
    file: ContentHash = Field(description="digest of the file that was written")
    questions: int = Field(ge=0)
    tried: int = Field(ge=0, description="items drawn")
    possible: str = Field(description="programs of the grammar, in digits; empty for templates")
    rejected: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class TableQuestions:
    """What became of one table.

    Attributes:
        table: Its name.
        questions: How many its file holds.
        tried: Items that were drawn for them.
        possible: Programs that the grammar holds of it, in digits; empty for templates.
        rejected: Why the others were not kept.
        became: ``new``, ``unchanged``, or ``replaced``: a whole file of other inputs stood there.
    """

    table: str
    questions: int
    tried: int
    possible: str
    rejected: Mapping[str, int]
    became: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of every table, in the order of the tables."""

    tables: tuple[TableQuestions, ...]

    @property
    def questions(self) -> int:
        """Questions in all files."""
        return sum(table.questions for table in self.tables)

    @property
    def unchanged(self) -> int:
        """Files that were not made again."""
        return sum(table.became == "unchanged" for table in self.tables)

    @property
    def rejected(self) -> Mapping[str, int]:
        """Items that were not kept, by reason."""
        totals: Counter[str] = Counter()
        for table in self.tables:
            totals.update(table.rejected)
        return dict(sorted(totals.items()))


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What is wanted of every table; carried to the processes."""

    out: Path
    source: Source
    count: int
    seed: int
    families: tuple[str, ...]
    code: str

    def inputs(self, sheet: Sheet) -> str:
        """Return the digest of all that a table's file depends on."""
        asked = [self.source, self.count, self.seed, *self.families]
        return content_id([self.code, sheet.digest, sheet.name, *asked])

    def path(self, name: str) -> Path:
        """Return where a table's questions lie."""
        return self.out / self.source / f"{name}.jsonl"

    def made_path(self, name: str) -> Path:
        """Return where it is recorded what they were made from."""
        return self.out / ".made" / self.source / f"{name}.json"


def generator_digest() -> str:
    """Return the digest of the code that questions depend on; the schema decides answers."""
    root = Path(tracemill_datagen.__file__).parent
    parts = [root / part for part in ("table", "program", "convention", "question", "template")]
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
    progress: Progress,
    families: tuple[str, ...] = (),
    processes: int = 1,
    keep_others: bool = False,
) -> Written:
    """Write the questions of one source about some tables; touches no other source's files.

    Args:
        sheets: The tables.
        out: Folder of all sources.
        source: The source to write.
        count: Questions a table, at most.
        seed: Seed of the batch.
        code: ``generator_digest()``.
        progress: Told of every 50 questions and after each table.
        families: Template families to draw from; all if none is named.
        processes: How many work at the same time; the bytes do not depend on it.
        keep_others: Leave the files of other tables; else they are removed.

    Raises:
        BadRequest: if there is no template family of a name, or another command writes there.
        CannotWrite: if the disk refuses a file; what was written before stands.
    """
    chosen(families)
    order = _Order(
        out=out,
        source=source,
        count=count,
        seed=seed,
        families=tuple(sorted(set(families))),
        code=code,
    )
    with held(order.made_path("x").parent):
        _remove_torn(order)
        if not keep_others:
            _remove_others(order, [sheet.name for sheet in sheets])
        return Written(tables=_all_written(order, sheets, processes, progress))


def _all_written(
    order: _Order, sheets: Sequence[Sheet], processes: int, progress: Progress
) -> tuple[TableQuestions, ...]:
    done = [0] * len(sheets)
    total = order.count * len(sheets)

    def told(index: int, questions: int) -> None:
        done[index] = questions
        note = f"{sum(done)} verified, {sheets[index].name}"
        progress(f"{order.source} questions", sum(done), total, note)

    results = each(partial(_written, order), sheets, processes=processes, tell=told)
    tables: list[TableQuestions] = []
    for index, table in enumerate(results):
        tables.append(table)
        done[index] = order.count
        note = f"{sum(t.questions for t in tables)} verified, {table.table}"
        progress(f"{order.source} questions", sum(done), total, note)
    return tuple(tables)


def _written(order: _Order, sheet: Sheet, tell: Tell) -> TableQuestions:
    """See to one table's file."""
    stood = _whole(order, sheet.name)
    inputs = order.inputs(sheet)
    if stood is not None and stood.inputs == inputs:
        return _told(sheet, stood, "unchanged")
    made = _made(order, sheet, inputs, tell)
    return _told(sheet, made, "new" if stood is None else "replaced")


def _told(sheet: Sheet, made: Made, became: str) -> TableQuestions:
    return TableQuestions(
        table=sheet.name,
        questions=made.questions,
        tried=made.tried,
        possible=made.possible,
        rejected=made.rejected,
        became=became,
    )


def _made(order: _Order, sheet: Sheet, inputs: str, tell: Tell) -> Made:
    with Bench(sheet) as bench:
        batch = generate(
            bench,
            order.source,
            count=order.count,
            seed=order.seed,
            templates=chosen(order.families),
            tell=lambda questions: None if questions % TOLD_EVERY else tell(questions),
        )
    path = order.path(sheet.name)
    write_records(path, batch.questions)
    made = Made(
        inputs=inputs,
        file=file_digest(path),
        questions=len(batch.questions),
        tried=batch.tried,
        possible="" if batch.possible is None else str(batch.possible),
        rejected=dict(batch.rejected),
    )
    write_record(order.made_path(sheet.name), made)
    return made


def _whole(order: _Order, name: str) -> Made | None:
    """Return the record of a table's file if both stand whole, whatever it was made from."""
    path, made_path = order.path(name), order.made_path(name)
    if not path.is_file() or not made_path.is_file():
        return None
    try:
        made = read_record(made_path, Made)
    except RecordError:
        return None
    return made if made.file == file_digest(path) else None


def _remove_torn(order: _Order) -> None:
    """Remove what a killed command left under temporary names (``replacing``).

    A process of it that still works loses its file, and ends: nobody waits for it.
    """
    for path in (order.path("*"), order.made_path("*")):
        for torn in path.parent.glob(f".{path.name}.*"):
            torn.unlink(missing_ok=True)


def _remove_others(order: _Order, names: Sequence[str]) -> None:
    """Remove the files of tables that are no longer there."""
    for stored in sorted(order.made_path("x").parent.glob("*.json")):
        if stored.stem not in names:
            order.path(stored.stem).unlink(missing_ok=True)
            stored.unlink()
