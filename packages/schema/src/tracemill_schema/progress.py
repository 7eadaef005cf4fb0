"""How a run's handler says how far it is: one marked line on standard output.

The worker keeps the lines as the run's log; whoever watches the run draws them as a bar.
"""

from __future__ import annotations

import sys

import orjson

from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record

MARK = "::progress "


class Progress(Record):
    """``done`` of ``total`` units of ``label``; ``note`` is a short figure such as a loss."""

    label: str
    done: int
    total: int
    note: str


def report(label: str, done: int, total: int, note: str = "") -> None:
    """Print one progress line and flush it."""
    progress = Progress(label=label, done=done, total=total, note=note)
    sys.stdout.write(MARK + progress.to_bytes().decode() + "\n")
    sys.stdout.flush()


def parse(line: str) -> Progress | None:
    """Return the progress that a log line reports, or None if it is any other line."""
    if not line.startswith(MARK):
        return None
    try:
        orjson.loads(line[len(MARK) :])
        return Progress.from_bytes(line[len(MARK) :].encode(), where="progress line")
    except (orjson.JSONDecodeError, RecordError):
        return None
