from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

from tracemill_sandbox.embedded.exchange import Exchange
from tracemill_sandbox.embedded.seat import Clock, Seat


def test_a_seat_tells_what_stands_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    left = Seat(number=1, folder=tmp_path).look(("*.txt",), 10)
    assert left.usage.files == {"a.txt": 3}
    assert left.contents == {"a.txt": b"abc"}


class Ending:
    """Stands for the exchange that a clock ends."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def end(self, cause: str, reason: str) -> None:
        self.told.append((cause, reason))


async def _tick(steps: list[float], *, seconds: float, after: float = 0.0) -> tuple[Ending, Clock]:
    ending, clock = Ending(), Clock(seconds)
    clock.start(cast("Exchange", ending))
    for pause in steps:
        clock.step()
        await asyncio.sleep(pause)
    clock.stop()
    await asyncio.sleep(after)
    return ending, clock


def test_a_snippet_that_takes_too_long_ends_its_batch() -> None:
    ending, clock = asyncio.run(_tick([0, 0.05], seconds=0.01))
    assert ending.told == [("timeout", "still running after 0.01 s")]
    assert len(clock.walls) == 1


def test_after_the_last_snippet_its_process_has_the_same_time_to_end() -> None:
    ending, clock = asyncio.run(_tick([0, 0, 0.05], seconds=0.01))
    assert ending.told == [("timeout", "still running after 0.01 s")]
    assert len(clock.walls) == 2


def test_a_clock_that_was_stopped_ends_nothing() -> None:
    ending, _ = asyncio.run(_tick([0, 0], seconds=0.01, after=0.05))
    assert ending.told == []
