"""What stopping did: one boundary per thing that is ended, and the report of all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass

from tracemill_sandbox.log import say
from tracemill_sandbox.request import SECONDS
from tracemill_sandbox.worker import StopFailure

FAILED = 3
"""Exit code of a command that could not end what it had started."""


@dataclass(frozen=True, kw_only=True)
class StopReport:
    """What stopping the pool did.

    Attributes:
        stopped: Ids of the workers that were stopped, in order.
        failures: What could not be ended or removed; empty if all went.
        seconds: How long it took.
    """

    stopped: tuple[str, ...]
    failures: tuple[StopFailure, ...]
    seconds: float

    @property
    def exit_code(self) -> int:
        """0 if all went, else 3."""
        return FAILED if self.failures else 0

    def to_text(self) -> str:
        """Return one line per failure, or one line that all went."""
        if not self.failures:
            return f"{len(self.stopped)} workers stopped in {self.seconds:.2f} s, nothing is left"
        return "\n".join(map(sentence, self.failures))


def sentence(failure: StopFailure) -> str:
    """Return a failure in words: what, in which phase, error type and text."""
    return f"{failure.subject}: {failure.phase} failed: {failure.error}: {failure.text}"


def patience(grace: float) -> float:
    """Return a grace as clocks take it: below 0 and NaN are none; no run takes longer than most."""
    return min(grace, float(SECONDS.most)) if grace > 0 else 0.0


async def ended(
    subject: str, phase: str, work: Coroutine[None, None, tuple[StopFailure, ...]], seconds: float
) -> tuple[StopFailure, ...]:
    """Carry out one part of a shutdown; whatever it does, the shutdown goes on.

    Args:
        subject: Id of the worker or container.
        phase: As in ``StopFailure``, for what is raised.
        work: Returns what it could not end.
        seconds: Longest wait; then it is called off and left behind.

    Returns:
        What could not be ended, each logged at ERROR.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=seconds)
    failures = _outcome(subject, phase, task, seconds)
    for failure in failures:
        log_failure(failure)
    return failures


def late(subject: str, phase: str, seconds: float) -> StopFailure:
    """Return the failure of what did not end in time."""
    text = f"did not end within {seconds:.2f} s"
    return StopFailure(subject=subject, phase=phase, error="TimeoutError", text=text)


def log_failure(failure: StopFailure) -> None:
    """Log a failure at ERROR."""
    say(logging.ERROR, "%s", sentence(failure))


def _outcome(
    subject: str, phase: str, task: asyncio.Task[tuple[StopFailure, ...]], seconds: float
) -> tuple[StopFailure, ...]:
    if not task.done():
        leave_behind(task)
        return (late(subject, phase, seconds),)
    if task.cancelled():
        text = "was called off"
        return (StopFailure(subject=subject, phase=phase, error="CancelledError", text=text),)
    error = task.exception()
    if error is None:
        return task.result()
    # Of any type: what a container engine's client raises is not ours to list, and one worker
    # that does not stop must not keep the others from being stopped.
    text = str(error) or "said nothing"
    return (StopFailure(subject=subject, phase=phase, error=type(error).__name__, text=text),)


def leave_behind(task: asyncio.Task[object]) -> None:
    """Call a task off without waiting for it; how it ends is of no interest any more."""
    task.cancel()
    task.add_done_callback(_look_away)


def _look_away(task: asyncio.Task[object]) -> None:
    if not task.cancelled():
        task.exception()  # else the loop reports it as never looked at
