from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.trace import Trace

Document = dict[str, Any]


def _renumber(document: Document) -> None:
    document["steps"][1]["i"] = 2


def _swap(document: Document) -> None:
    document["steps"].reverse()


def _no_steps(document: Document) -> None:
    document["steps"] = []


def _blank_step(document: Document) -> None:
    document["steps"][0]["content"] = " \n"


def _long_step(document: Document) -> None:
    document["steps"][0]["content"] = "x" * 20_001


def _unknown_step_key(document: Document) -> None:
    document["steps"][0]["note"] = "x"


def _long_prompt(document: Document) -> None:
    document["prompt"] = "x" * 50_001


def _blank_answer(document: Document) -> None:
    document["final_answer"] = "\t"


def _other_version(document: Document) -> None:
    document["trace_version"] = "2"


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_renumber, "(document): wanted Value error, step at position 1 has i = 2"),
        (_swap, "(document): wanted Value error, step at position 0 has i = 1"),
        (_no_steps, "/steps: wanted Tuple should have at least 1 item"),
        (_blank_step, "/steps/0/content: wanted Value error, text must not be blank"),
        (_long_step, "/steps/0/content: wanted String should have at most 20000 characters"),
        (_unknown_step_key, "/steps/0/note: wanted no such key"),
        (_long_prompt, "/prompt: wanted String should have at most 50000 characters"),
        (_blank_answer, "/final_answer: wanted Value error, text must not be blank"),
        (_other_version, "/trace_version: wanted String should match pattern '^1$'"),
    ],
)
def test_a_trace_is_strict(trace: Trace, damage: Callable[[Document], None], fault: str) -> None:
    document = orjson.loads(trace.to_bytes())
    damage(document)
    with pytest.raises(RecordError) as caught:
        Trace.from_values(document, where="test")
    assert fault in str(caught.value)
