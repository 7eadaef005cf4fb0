"""What asks a command to end (SIGTERM, SIGHUP) is treated as Ctrl-C is: it stops what it started.

Left to themselves these signals would end the process at once, with its pool's folder still there.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_OFFSET = 128
"""What shells add to the number of the signal that ended a program, to tell it as an exit code."""


@contextmanager
def ending_well() -> Iterator[None]:
    """Turn the first such signal into a ``KeyboardInterrupt``, and that into its exit code.

    Later ones change nothing: the end is on its way, and is bounded. One that is ignored, as under
    ``nohup``, stays so. For the main thread.
    """
    received: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if received:
            return
        received.append(number)
        interrupt = signal.getsignal(signal.SIGINT)  # an event loop may have a handler of its own
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    wanted = (signal.SIGTERM, signal.SIGHUP)
    ours = [number for number in wanted if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    except KeyboardInterrupt:
        if received:
            sys.exit(_OFFSET + received[0])
        raise
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
