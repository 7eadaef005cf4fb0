"""Tells whether a stage's result is there already, so that it need not be made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field

from tracemill_schema.canonical import ContentHash, content_id
from tracemill_schema.completion import Completion
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record, read_records, write_record
from tracemill_schema.record import Record
from tracemill_trainer.config import CompleteConfig
from tracemill_trainer.data import Asked
from tracemill_trainer.errors import CompletionsMismatch
from tracemill_trainer.versions import code_digest


class Answering(Record):
    """``completions.json``: what was asked, and what else decides the text of completions."""

    contract: ClassVar[str] = "completions identity"

    checkpoint: ContentHash
    questions: tuple[ContentHash, ...] = Field(min_length=1, description="their ids, in order")
    prompts: ContentHash = Field(description="digest of the texts that the model was given")
    max_new_tokens: int = Field(ge=1)
    batch_rows: int = Field(ge=1)
    code: ContentHash = Field(description="digest of the trainer's source and its libraries")

    @classmethod
    def of(cls, config: CompleteConfig, checkpoint: str, asked: Sequence[Asked]) -> Self:
        """Return what decides the completions of these questions."""
        return cls(
            checkpoint=checkpoint,
            questions=tuple(one.question.id for one in asked),
            prompts=content_id([one.prompt for one in asked]),
            max_new_tokens=config.max_new_tokens,
            batch_rows=config.batch_rows,
            code=code_digest(),
        )

    def partial(self, target: Path) -> Path:
        """Return the file that grows until it is whole and gets the name ``target``."""
        return target.with_suffix(".partial.jsonl")


def claim_answers(target: Path, answering: Answering) -> bool:
    """Tell whether ``target`` holds these completions; if not, make its folder ready for them.

    A file of other completions is removed, and so is what was begun of it; a file that lacks some
    is removed too, so that they are made again.
    """
    note = _note(target)
    if is_written(note, answering):
        whole = _answers_all(target, answering)
        if not whole:
            target.unlink(missing_ok=True)
        return whole
    target.unlink(missing_ok=True)
    answering.partial(target).unlink(missing_ok=True)
    write_record(note, answering)
    return False


def read_answering(target: Path) -> Answering:
    """Read what the completions in ``target`` were made from.

    Raises:
        CompletionsMismatch: if nothing says so.
    """
    note = _note(target)
    if not note.is_file():
        raise CompletionsMismatch(
            f"wanted {note.name} beside {target}, which says what was asked, got none; "
            "make the completions again, and move the two files only together"
        )
    return read_record(note, Answering)


def is_written(path: Path, record: Record) -> bool:
    """Tell whether a file holds exactly this record."""
    try:
        return path.is_file() and read_record(path, type(record)) == record
    except RecordError:
        return False


def _answers_all(target: Path, answering: Answering) -> bool:
    if not target.is_file():
        return False
    try:
        ids = tuple(completion.question_id for completion in read_records(target, Completion))
    except RecordError:
        return False
    return ids == answering.questions


def _note(target: Path) -> Path:
    return target.with_suffix(".json")
