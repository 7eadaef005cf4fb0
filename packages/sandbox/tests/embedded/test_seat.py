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


async def _tick(steps: list[float], *, count: int, seconds: float) -> tuple[Ending, Clock]:
    ending, clock = Ending(), Clock(seconds)
    clock.start(cast("Exchange", ending), count)
    for pause in steps:
        clock.step()
        await asyncio.sleep(pause)
    clock.stop()
    return ending, clock


def test_a_snippet_that_takes_too_long_ends_its_batch() -> None:
    ending, clock = asyncio.run(_tick([0, 0.05], count=3, seconds=0.01))
    assert ending.told == [("timeout", "still running after 0.01 s")]
    assert len(clock.walls) == 1


def test_after_the_last_snippet_no_time_runs() -> None:
    ending, clock = asyncio.run(_tick([0, 0, 0.05], count=2, seconds=0.01))
    assert ending.told == []
    assert len(clock.walls) == 2
