from __future__ import annotations

from pydantic import TypeAdapter

from tracemill_gate.clock import now
from tracemill_schema.record import Instant


def test_the_clock_gives_an_instant() -> None:
    time = now()
    assert TypeAdapter(Instant).validate_python(time) == time
