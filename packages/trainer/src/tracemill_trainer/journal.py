"""What a training notes on the way: the loss of every step, the seconds it took, its progress."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_schema import progress
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import (
    RecordAppender,
    read_record,
    read_records,
    write_record,
    write_records,
)
from tracemill_schema.record import Record
from tracemill_schema.training import Loss
from tracemill_trainer.budget import Budget
from tracemill_trainer.errors import CheckpointBroken

REPORT_SECONDS = 0.2
"""At most five progress lines a second."""


class Spent(Record):
    """``seconds.json``: how long the training took up to its last checkpoint, over all calls."""

    contract: ClassVar[str] = "training seconds"

    seconds: float = Field(ge=0)


class Journal:
    """The notes of one training; call ``rewind`` first."""

    def __init__(self, losses: Path, budget: Budget) -> None:
        self._path = losses
        self._spent_path = losses.with_name("seconds.json")
        self._budget = budget
        self._reported = float("-inf")
        self._before = 0.0
        self._pending: list[Loss] = []
        self._mark: tuple[float, int] | None = None

    def rewind(self, step: int) -> None:
        """Forget what was noted after a step: it will be made again.

        Raises:
            CheckpointBroken: if the notes end before that step.
        """
        with RecordAppender(self._path):
            pass  # opening cuts off a torn last line
        kept = list(islice(read_records(self._path, Loss), step))
        if len(kept) != step:
            raise CheckpointBroken(
                f"{self._path}: wanted the losses of {step} steps, got {len(kept)}; "
                "move the folder away to train anew"
            )
        write_records(self._path, kept)
        self._before = self._read_spent() if step else 0.0

    def add(self, loss: Loss, *, steps: int | None) -> None:
        """Keep the loss of a step for ``flush``, and report progress now and then."""
        self._pending.append(loss)
        now = self._budget.elapsed()
        if self._mark is None:
            self._mark = (now, loss.tokens)
        if now - self._reported >= REPORT_SECONDS or loss.step == steps:
            self._reported = now
            self._report(loss, steps, now)

    def flush(self) -> None:
        """Write the losses that were added; call it before a checkpoint is saved."""
        with RecordAppender(self._path) as stream:
            for loss in self._pending:
                stream.append(loss)
        self._pending.clear()

    def note_seconds(self) -> None:
        """Note how long the training took so far."""
        write_record(self._spent_path, Spent(seconds=self.seconds()))

    def seconds(self) -> float:
        """Return how long the training took so far, earlier calls included."""
        return round(self._before + self._budget.elapsed(), 3)

    def losses(self) -> tuple[Loss, ...]:
        """Return the losses of all steps."""
        return tuple(read_records(self._path, Loss))

    def _report(self, loss: Loss, steps: int | None, now: float) -> None:
        began, tokens = self._mark or (now, loss.tokens)
        rate = (loss.tokens - tokens) / (now - began) if now > began else 0.0
        note = f"loss {loss.loss:.3f}" + (f", {rate / 1000:.1f}k tokens/s" if rate else "")
        if steps is not None:
            progress.report("training", loss.step, steps, note)
        else:
            total = round(self._budget.seconds or now)
            progress.report("training", min(round(now), total), total, f"{note}, seconds")

    def _read_spent(self) -> float:
        try:
            return read_record(self._spent_path, Spent).seconds
        except RecordError:
            return 0.0  # killed between the first checkpoint and this note
