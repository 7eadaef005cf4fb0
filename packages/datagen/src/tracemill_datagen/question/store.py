"""Questions on disk, by source: where they lie is said in ``question/order.py``.

A whole file whose inputs are unchanged is kept; the record of it is written after the file. The
questions of a table that is not done lie beside the record (``question/part.py``), and are there
until both stand, so that a kill costs one question. Tables are shared out over processes, a file
each, so that the bytes are the same for any number of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import tracemill_datagen
import tracemill_schema
from tracemill_datagen.crew import Tell, each
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.held import held
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.family import chosen
from tracemill_datagen.question.generate import generate
from tracemill_datagen.question.order import Made, Order
from tracemill_datagen.question.part import Kept, Part
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import content_id, file_digest, tree_digest
from tracemill_schema.jsonl import CannotWrite, write_chunks, write_record
from tracemill_schema.question import Source

TOLD_EVERY = 50
"""Questions of one table after which progress is told before the table is done."""

Progress = Callable[[str, int, int, str], None]
"""(label, questions done, questions wanted, note); a table that holds fewer counts as done."""


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
        resumed: How many of its questions an interrupted command had made.
    """

    table: str
    questions: int
    tried: int
    possible: str
    rejected: Mapping[str, int]
    became: str
    resumed: int


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
    def resumed(self) -> int:
        """Questions that an interrupted command had made in files that it did not finish."""
        return sum(table.resumed for table in self.tables)

    @property
    def rejected(self) -> Mapping[str, int]:
        """Items that were not kept, by reason."""
        totals: Counter[str] = Counter()
        for table in self.tables:
            totals.update(table.rejected)
        return dict(sorted(totals.items()))


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
        BadRequest: if there is no template family of a name, two tables have the same name, or
            another command writes there.
        CannotWrite: if the disk refuses a file; what was written before stands, and is told.
    """
    chosen(families)
    for name, times in Counter(sheet.name for sheet in sheets).items():
        if times > 1:
            raise BadRequest(
                f"two tables of the name {name}: wanted different names, as each has a file of its "
                "own; rename one of them (two tables as one are called LEFT_with_RIGHT)"
            )
    order = Order(
        out=out,
        source=source,
        count=count,
        seed=seed,
        families=tuple(sorted(set(families))),
        code=code,
    )
    with held(order.made_path("x").parent):
        order.remove_torn()
        if not keep_others:
            order.remove_others([sheet.name for sheet in sheets])
        try:
            return Written(tables=_all_written(order, sheets, processes, progress))
        except CannotWrite as error:
            raise CannotWrite(f"{error}; {order.what_stands(sheets)}") from error


def _all_written(
    order: Order, sheets: Sequence[Sheet], processes: int, progress: Progress
) -> tuple[TableQuestions, ...]:
    done = [0] * len(sheets)
    total = order.count * len(sheets)

    def told(index: int, questions: int) -> None:
        done[index] = questions
        if questions % TOLD_EVERY:
            return
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


def _written(order: Order, sheet: Sheet, tell: Tell) -> TableQuestions:
    """See to one table's file."""
    stood = order.whole(sheet.name)
    inputs = order.inputs(sheet)
    if stood is not None and stood.inputs == inputs:
        order.part_path(sheet.name).unlink(missing_ok=True)
        return _told(sheet, stood, "unchanged", resumed=0)
    with Part(order.part_path(sheet.name), inputs) as part:
        made = _made(order, sheet, part, tell)
    order.part_path(sheet.name).unlink(missing_ok=True)
    became = "new" if stood is None else "replaced"
    return _told(sheet, made, became, resumed=len(part.before))


def _told(sheet: Sheet, made: Made, became: str, *, resumed: int) -> TableQuestions:
    return TableQuestions(
        table=sheet.name,
        questions=made.questions,
        tried=made.tried,
        possible=made.possible,
        rejected=made.rejected,
        became=became,
        resumed=resumed,
    )


def _made(order: Order, sheet: Sheet, part: Part, tell: Tell) -> Made:
    def keep(kept: Kept) -> None:
        part.append(kept)
        if len(part.lines) % TOLD_EVERY == 0:
            tell(len(part.lines))

    with Bench(sheet) as bench:
        batch = generate(
            bench,
            order.source,
            count=order.count,
            seed=order.seed,
            templates=chosen(order.families),
            before=part.before,
            keep=keep,
        )
    tell(len(part.lines))  # a process whose command was killed ends here and replaces no file
    path = order.path(sheet.name)
    write_chunks(path, part.lines)
    made = Made(
        inputs=part.inputs,
        file=file_digest(path),
        questions=len(batch.questions),
        tried=batch.tried,
        possible="" if batch.possible is None else str(batch.possible),
        rejected=dict(batch.rejected),
    )
    write_record(order.made_path(sheet.name), made)
    return made
