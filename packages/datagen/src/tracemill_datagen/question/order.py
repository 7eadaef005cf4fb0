"""What is wanted of every table, and where it lies.

OUT/SOURCE/TABLE.jsonl        the questions
OUT/.made/SOURCE/TABLE.json   what that file was made from, written after it
OUT/.made/SOURCE/TABLE.part   the questions of a table that is not done (``question/part.py``)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.question.part import kept_in
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import ContentHash, content_id, file_digest
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record
from tracemill_schema.question import Source
from tracemill_schema.record import Record


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
class Order:
    """What is wanted of every table; carried to the processes.

    Attributes:
        out: Folder of all sources.
        source: The source.
        count: Questions a table, at most.
        seed: Seed of the batch.
        families: Template families to draw from, sorted; all if none is named.
        code: Digest of the code that questions depend on.
    """

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

    def part_path(self, name: str) -> Path:
        """Return where the questions of a table lie that is not done."""
        return self.out / ".made" / self.source / f"{name}.part"

    def whole(self, name: str) -> Made | None:
        """Return the record of a table's file if both stand whole, whatever it was made from."""
        path, made_path = self.path(name), self.made_path(name)
        if not path.is_file() or not made_path.is_file():
            return None
        try:
            made = read_record(made_path, Made)
        except RecordError:
            return None
        return made if made.file == file_digest(path) else None

    def what_stands(self, sheets: Sequence[Sheet]) -> str:
        """Say what is on the disk of what was wanted."""
        whole = kept = 0
        for sheet in sheets:
            made, inputs = self.whole(sheet.name), self.inputs(sheet)
            if made is not None and made.inputs == inputs:
                whole += 1
            else:
                kept += len(kept_in(self.part_path(sheet.name), inputs))
        where = self.out / self.source
        return (
            f"{whole} of {len(sheets)} files stand in {where}, and {kept} questions of the others "
            "are kept: the same command goes on there"
        )

    def remove_torn(self) -> None:
        """Remove what a killed command left under temporary names (``replacing``).

        A process of it that still works loses its file, and ends: nobody waits for it.
        """
        for path in (self.path("*"), self.made_path("*"), self.part_path("*")):
            for torn in path.parent.glob(f".{path.name}.*"):
                torn.unlink(missing_ok=True)

    def remove_others(self, names: Sequence[str]) -> None:
        """Remove the files of tables that are no longer there."""
        for stored in sorted(self.made_path("x").parent.glob("*.json")):
            if stored.stem not in names:
                self.path(stored.stem).unlink(missing_ok=True)
                stored.unlink()
        for part in self.part_path("x").parent.glob("*.part"):
            if part.stem not in names:
                part.unlink()
