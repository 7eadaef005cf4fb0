"""What the host knows of a seat: its folder, and the time that a batch on it takes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.embedded import verdict
from tracemill_sandbox.embedded.exchange import Exchange
from tracemill_sandbox.inside import folder as run_folder


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A process that waits for a run, and its folder."""

    number: int
    folder: Path

    def look(self, keep: tuple[str, ...], room: int) -> verdict.Left:
        """Return what stands in the folder; every process of the run is dead."""
        return verdict.Left(
            usage=run_folder.measure(self.folder),
            contents=run_folder.collect(self.folder, keep, room=room),
        )


class Clock:
    """Times the snippets of a batch, and ends the batch when one takes too long.

    After the last one its process has the same time to end: a snippet can change what it does then.
    """

    def __init__(self, seconds: float) -> None:
        self.walls: list[float] = []
        self._seconds = seconds
        self._began: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._exchange: Exchange | None = None

    def start(self, exchange: Exchange) -> None:
        """Watch over a batch."""
        self._exchange = exchange

    def step(self) -> None:
        """Note that the process began, or that a snippet has handed over."""
        now = time.monotonic()
        self.stop()
        if self._began is not None:
            self.walls.append(now - self._began)
        self._began = now
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._too_late)

    def stop(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()

    def _too_late(self) -> None:
        if self._exchange is not None:
            self._exchange.end("timeout", f"still running after {self._seconds:g} s")
