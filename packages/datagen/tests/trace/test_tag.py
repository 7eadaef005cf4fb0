from __future__ import annotations

import pytest

from tracemill_datagen.family.catalogue import by_name
from tracemill_datagen.task import item
from tracemill_datagen.trace.tag import TAGS, tag_place
from tracemill_schema.trace import Trace


@pytest.fixture(scope="module")
def trace() -> Trace:
    return item(by_name("percent"), seed=0, stream="t", index=0).trace.record


@pytest.mark.parametrize("tag", TAGS)
def test_the_first_text_that_holds_a_tag_is_named(trace: Trace, tag: str) -> None:
    step = trace.steps[1].replace(content=f"is {tag} so")
    steps = trace.replace(steps=(trace.steps[0], step), final_answer=f"{tag}")
    assert tag_place(steps) == "/steps/1/content"
    assert tag_place(steps.replace(prompt=f"{tag} what?")) == "/prompt"
    assert tag_place(trace.replace(final_answer=f"7{tag}")) == "/final_answer"


def test_what_only_looks_like_a_tag_is_text(trace: Trace) -> None:
    assert tag_place(trace) is None
    assert tag_place(trace.replace(prompt="is a<answer or answer> or </reason>?")) is None
