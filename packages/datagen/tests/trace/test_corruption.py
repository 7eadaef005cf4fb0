from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.corruption import TRACE_CORRUPTIONS, TraceCorruption
from tracemill_datagen.trace.verify import verify_trace

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table

KINDS = {
    "number",
    "order",
    "dropped_step",
    "unsupported_claim",
    "swapped_label",
    "forged_hook",
    "wrong_unit",
}


@pytest.mark.parametrize("corruption", TRACE_CORRUPTIONS, ids=lambda c: c.name)
def test_each_corruption_is_caught_with_its_class_named(
    corruption: TraceCorruption,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
) -> None:
    tried = 0
    for family, episode in accepted.items():
        question = questions[family]
        corrupted = corruption.apply(build_trace(episode, question, table))
        if corrupted is None:
            continue
        tried += 1
        assert corrupted.id == corrupted.computed_id()
        kinds = {defect.kind for defect in verify_trace(corrupted, episode, question, table=table)}
        assert corruption.kind in kinds, (family, kinds)
    assert tried > 0


def test_every_class_of_corruption_is_injected() -> None:
    assert {corruption.kind for corruption in TRACE_CORRUPTIONS} == KINDS
