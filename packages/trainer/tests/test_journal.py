from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_schema import progress
from tracemill_schema.training import Loss
from tracemill_trainer.budget import Budget
from tracemill_trainer.errors import CheckpointBroken
from tracemill_trainer.journal import Journal


class Hands:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def _journal(folder: Path, hands: Hands, minutes: float | None = None) -> Journal:
    return Journal(folder / "losses.jsonl", Budget(minutes, hands))


def _loss(step: int) -> Loss:
    return Loss(step=step, loss=1.0 / step, tokens=1000 * step)


def test_rewinding_forgets_what_came_later_and_a_torn_line(tmp_path: Path) -> None:
    journal = _journal(tmp_path, Hands())
    journal.rewind(0)
    for step in range(1, 6):
        journal.add(_loss(step), steps=5)
    journal.flush()
    with (tmp_path / "losses.jsonl").open("ab") as stream:
        stream.write(b'{"loss":')
    again = _journal(tmp_path, Hands())
    again.rewind(3)
    assert again.losses() == (_loss(1), _loss(2), _loss(3))


def test_losses_that_end_before_the_checkpoint_are_a_fault(tmp_path: Path) -> None:
    journal = _journal(tmp_path, Hands())
    journal.rewind(0)
    with pytest.raises(CheckpointBroken, match="wanted the losses of 2 steps, got 0"):
        journal.rewind(2)


def test_the_seconds_of_earlier_calls_count(tmp_path: Path) -> None:
    hands = Hands()
    journal = _journal(tmp_path, hands)
    journal.rewind(0)
    journal.add(_loss(1), steps=2)
    journal.flush()
    hands.at = 7.5
    journal.note_seconds()
    later = Hands()
    again = _journal(tmp_path, later)
    again.rewind(1)
    later.at = 2.0
    assert again.seconds() == 9.5
    again.rewind(0)
    assert again.seconds() == 2.0


def test_progress_is_told_at_most_five_times_a_second_and_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = Hands()
    journal = _journal(tmp_path, hands)
    journal.rewind(0)
    for step in range(1, 11):
        journal.add(_loss(step), steps=10)
        hands.at += 0.125
    told = [progress.parse(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.done for line in told if line] == [1, 3, 5, 7, 9, 10]
    assert told[-1] is not None
    assert told[-1].note == "loss 0.100, 8.0k tokens/s"


def test_without_planned_steps_progress_counts_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = Hands()
    journal = _journal(tmp_path, hands, minutes=1.0)
    journal.rewind(0)
    hands.at = 30.0
    journal.add(_loss(1), steps=None)
    told = progress.parse(capsys.readouterr().out.strip())
    assert told is not None
    assert (told.done, told.total, told.note) == (30, 60, "loss 1.000, seconds")
