"""Tells whether a stage's result is there already, so that it need not be made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field

from tracemill_schema.canonical import ContentHash, content_id
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.question import Question
from tracemill_schema.record import Record
from tracemill_trainer.config import CompleteConfig


class Answering(Record):
    """``completions.json``: what decides the text of a file of completions."""

    contract: ClassVar[str] = "completions identity"

    checkpoint: ContentHash
    questions: ContentHash = Field(description="digest of their ids, in order")
    max_new_tokens: int = Field(ge=1)
    batch_rows: int = Field(ge=1)

    @classmethod
    def of(cls, config: CompleteConfig, checkpoint: str, questions: Sequence[Question]) -> Self:
        """Return what decides the completions of these questions."""
        return cls(
            checkpoint=checkpoint,
            questions=content_id([question.id for question in questions]),
            max_new_tokens=config.max_new_tokens,
            batch_rows=config.batch_rows,
        )

    def partial(self, target: Path) -> Path:
        """Return the file that grows until it is whole and gets the name ``target``."""
        return target.with_suffix(".partial.jsonl")


def claim_answers(target: Path, answering: Answering) -> bool:
    """Tell whether ``target`` holds these completions; if not, make its folder ready for them.

    A file of other completions is removed, and so is what was begun of it.
    """
    note = target.with_suffix(".json")
    if is_written(note, answering):
        return target.is_file()
    target.unlink(missing_ok=True)
    answering.partial(target).unlink(missing_ok=True)
    write_record(note, answering)
    return False


def is_written(path: Path, record: Record) -> bool:
    """Tell whether a file holds exactly this record."""
    try:
        return path.is_file() and read_record(path, type(record)) == record
    except RecordError:
        return False
