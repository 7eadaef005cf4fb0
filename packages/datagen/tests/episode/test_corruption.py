from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.corruption import EPISODE_CORRUPTIONS, EpisodeCorruption
from tracemill_datagen.episode.verify import verify_episode

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question

KINDS = {
    "number",
    "order",
    "dropped_step",
    "unsupported_claim",
    "swapped_label",
    "forged_hook",
    "wrong_unit",
}


@pytest.mark.parametrize("corruption", EPISODE_CORRUPTIONS, ids=lambda c: c.name)
def test_each_corruption_is_caught_with_its_class_named(
    corruption: EpisodeCorruption,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
) -> None:
    tried = 0
    for family, episode in accepted.items():
        corrupted = corruption.apply(episode)
        if corrupted is None:
            continue
        tried += 1
        assert corrupted.id != episode.id
        assert corrupted.id == corrupted.computed_id()
        kinds = {defect.kind for defect in verify_episode(corrupted, questions[family])}
        assert corruption.kind in kinds, (family, kinds)
    assert tried > 0


def test_every_class_of_corruption_is_injected() -> None:
    assert {corruption.kind for corruption in EPISODE_CORRUPTIONS} >= KINDS
