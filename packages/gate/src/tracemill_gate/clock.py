"""The time as evidence gives it; who needs it is given a clock."""

from __future__ import annotations

import datetime
from collections.abc import Callable

Clock = Callable[[], str]
"""Returns the time as an Instant of tracemill_schema."""


def now() -> str:
    """Return the time in UTC to the second, as an Instant."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
