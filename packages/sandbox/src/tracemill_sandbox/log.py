"""What the package says to its log, also from a thread that must not wait for a log's locks.

A caller that was interrupted while it wrote to a log has the lock of that log's handler until its
signal's handler returns, and that may wait for the loop: see ``lasting``.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue

_log = logging.getLogger("tracemill_sandbox")
_here = threading.local()


def say(level: int, text: str, *values: object, error: BaseException | None = None) -> None:
    """Log something; soon, where the thread that asks has a ``LateLog``.

    Args:
        level: As of ``logging``.
        text: With ``%`` for the values.
        values: For the text.
        error: Whose traceback is to follow.
    """
    # Not isEnabledFor, which takes a lock of all loggers now and then.
    if level >= _log.getEffectiveLevel():
        say_by(partial(_log.log, level, text, *values, exc_info=error))


def say_by(saying: Callable[[], object]) -> None:
    """Call what logs something; soon, where the thread that asks has a ``LateLog``."""
    late: SimpleQueue[Callable[[], object] | None] | None = getattr(_here, "late", None)
    if late is None:
        saying()
    else:
        late.put(saying)


class LateLog:
    """A thread that logs, one after the other, what another has to say."""

    def __init__(self) -> None:
        self._said: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._thread = threading.Thread(
            target=self._write, name="tracemill-sandbox-log", daemon=True
        )

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def serve_this_thread(self) -> None:
        """Have what the calling thread says logged here from now on."""
        _here.late = self._said

    def end(self) -> None:
        """End the thread when all is logged; does not wait for that."""
        self._said.put(None)

    def join(self, seconds: float) -> None:
        """Wait for the end of the thread."""
        self._thread.join(seconds)

    def _write(self) -> None:
        while (saying := self._said.get()) is not None:
            saying()
