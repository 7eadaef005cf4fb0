"""The rules are held by test_store.py; here only what is the twin's own."""

from __future__ import annotations

import pytest

from tracemill_worker.errors import RunRefused
from tracemill_worker.memory import MemoryStore


def test_the_clock_is_an_argument() -> None:
    store = MemoryStore(clock=lambda: 0.5)
    assert store.enqueue(kind="echo", config={}).created_at == "1970-01-01T00:00:00.500000Z"


def test_a_transition_that_is_not_in_the_table_is_refused() -> None:
    store = MemoryStore()
    run = store.enqueue(kind="echo", config={})
    with pytest.raises(RunRefused, match="run 1: there is no transition from succeeded to pending"):
        store._note("succeeded", run)
