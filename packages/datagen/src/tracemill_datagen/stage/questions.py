"""Stage questions: every table gets verified questions, by source."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.question.store import generator_digest, write_source
from tracemill_datagen.table.join import joined, joins
from tracemill_datagen.table.store import load, stored_names
from tracemill_schema.canonical import JsonObject
from tracemill_schema.progress import report
from tracemill_schema.question import Source
from tracemill_schema.record import Record


class QuestionsConfig(Record):
    """Config of the stage."""

    contract: ClassVar[str] = "config of the questions stage"

    tables: str = Field(min_length=1, description="folder that the tables stage wrote")
    out: str = Field(min_length=1, description="folder, relative to the workspace")
    seed: int = Field(ge=0)
    template_per_table: int = Field(ge=0, le=100_000)
    procedural_per_table: int = Field(ge=0, le=100_000)
    joins: bool = Field(
        default=False,
        description="ask template questions about tables that belong together as well, joined",
    )


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Write ``OUT/template/NAME.jsonl`` and ``OUT/procedural/NAME.jsonl`` for every table.

    Two tables that belong together are asked about as one in ``OUT/template/LEFT_with_RIGHT.jsonl``
    where the config says so.

    Returns:
        Counts: tables, questions by source, rejected items by reason, files kept unchanged.

    Raises:
        RecordError: if the config or a table's profile is wrong.
        StaleInput: if a table is not the one that was profiled.
        BadRequest: if there are no tables.
    """
    settings = QuestionsConfig.from_values(config, where="config of the questions stage")
    names = stored_names(folder / settings.tables)
    if not names:
        raise BadRequest(
            f"{folder / settings.tables}: wanted at least one NAME.table.json, got none; "
            "run the tables stage first"
        )
    sheets = [load(folder / settings.tables, name)[0] for name in names]
    pairs = tuple(joined(join) for join in joins(sheets)) if settings.joins else ()
    code = generator_digest()
    counts: tuple[tuple[Source, int], ...] = (
        ("template", settings.template_per_table),
        ("procedural", settings.procedural_per_table),
    )
    result: JsonObject = {"tables": len(names)}
    rejected: Counter[str] = Counter()
    unchanged = 0
    for source, count in counts:
        written = write_source(
            (*sheets, *pairs) if source == "template" else sheets,
            folder / settings.out,
            source,
            count=count,
            seed=settings.seed,
            code=code,
            progress=report,
        )
        result[source] = written.questions
        rejected.update(written.rejected)
        unchanged += written.unchanged
    return {**result, "rejected": dict(sorted(rejected.items())), "unchanged": unchanged}
