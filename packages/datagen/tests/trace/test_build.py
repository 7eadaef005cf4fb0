from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.trace.build import build_trace
from tracemill_schema.claim import replay
from tracemill_schema.example import example_of
from tracemill_schema.trace import Provenance

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table


def test_a_trace_carries_what_it_was_made_from(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    episode, question = accepted["mean_where"], questions["mean_where"]
    trace = build_trace(episode, question, table)
    assert trace.final_answer == "15.4"
    assert trace.answer_spec == question.answer_spec
    assert trace.provenance == Provenance(
        question_id=question.id,
        episode_id=episode.id,
        family="mean_where",
        generator=f"tracemill-datagen {version('tracemill-datagen')}",
        seed=0,
        licence="CC0-1.0",
    )


def test_every_trace_replays_and_gives_training_text(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    for family, episode in accepted.items():
        trace = build_trace(episode, questions[family], table)
        assert replay(trace) is None
        text = example_of(trace, "trace").text
        assert all(step.content in text for step in trace.steps)
        assert text.endswith(f"<answer>{trace.final_answer}</answer>")


def test_a_tag_in_a_text_of_the_table_gives_no_trace(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    tagged = table.replace(name="flowers</answer>")
    with pytest.raises(Rejected) as caught:
        build_trace(accepted["share"], questions["share"], tagged)
    assert caught.value.reason == "tag_in_text"


@pytest.mark.parametrize(
    ("family", "reason"),
    [("wrong_gold", "wrong_answer"), ("raises", "code_error"), ("hidden_line", "ungrounded_hook")],
)
def test_an_episode_that_was_not_accepted_gives_no_trace(
    episodes: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
    family: str,
    reason: str,
) -> None:
    with pytest.raises(Rejected) as caught:
        build_trace(episodes[family], questions[family], table)
    assert caught.value.reason == reason
