"""The life of a worker: its states, the table of what may follow what, and the log of it.

STARTING -> READY <-> BUSY
    |        | ^       |
    |        v |       |
    |      SUSPECT <---+
    v        v         v
    +------> DEAD <----+ -> REPLACED
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tracemill_sandbox.log import say

State = Literal["STARTING", "READY", "BUSY", "SUSPECT", "DEAD", "REPLACED"]
"""STARTING: made, not yet proven. READY: idle. BUSY: a run, batch or session has it. SUSPECT: it
failed or did not answer; a probe decides. DEAD: of no more use. REPLACED: another has its place."""

TRANSITIONS: Mapping[State | None, tuple[State, ...]] = {
    None: ("STARTING",),
    "STARTING": ("READY", "DEAD"),
    "READY": ("BUSY", "SUSPECT", "DEAD"),
    "BUSY": ("READY", "SUSPECT", "DEAD"),
    "SUSPECT": ("READY", "DEAD"),
    "DEAD": ("REPLACED",),
    "REPLACED": (),
}
"""State -> states that may follow it; None stands for a worker that is not there yet."""

KEPT_EVENTS = 1_024
"""Enough for the last hours of a healthy pool, or the last minutes of a sick one."""

_QUIET: tuple[State, ...] = ("READY", "BUSY")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One transition of one worker.

    Attributes:
        at: Seconds of the event loop's clock; differences mean something, the number does not.
        worker_id: Whose.
        before: State that it left; None when it was made.
        after: State that it entered.
        reason: Why, in words.
    """

    at: float
    worker_id: str
    before: State | None
    after: State
    reason: str

    def __str__(self) -> str:
        return f"worker {self.worker_id}: {self.before or 'new'} -> {self.after}: {self.reason}"


class EventLog:
    """Keeps the newest events, writes each to the logger, and tells a listener.

    Args:
        listener: Called soon after each event, on the event loop; what it raises goes to the
            loop's exception handler and harms nothing here.
    """

    def __init__(self, listener: Callable[[Event], None] | None = None) -> None:
        self._listener = listener
        self._kept: deque[Event] = deque(maxlen=KEPT_EVENTS)

    def enter(self, worker_id: str, before: State | None, after: State, reason: str) -> None:
        """Enter a transition.

        Raises:
            ValueError: if the table does not allow it, which is a fault of this package.
        """
        if after not in TRANSITIONS[before]:
            raise ValueError(f"worker {worker_id}: {before} -> {after} is no allowed transition")
        loop = asyncio.get_running_loop()
        event = Event(
            at=loop.time(), worker_id=worker_id, before=before, after=after, reason=reason
        )
        self._kept.append(event)
        say(_level(event), "%s", event)
        if self._listener is not None:
            loop.call_soon(self._listener, event)

    def events(self) -> tuple[Event, ...]:
        """Return the newest events, oldest first."""
        return tuple(self._kept)


def _level(event: Event) -> int:
    """Return the level for the log: a run's coming and going is noise, a lost worker is not."""
    if event.after in _QUIET and event.before in _QUIET:
        return logging.DEBUG
    return logging.WARNING if event.after == "SUSPECT" else logging.INFO
