from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.corruption import resealed, with_hooks
from tracemill_datagen.episode.verify import answer_hook, is_accepted, reexecuted, verify_episode
from tracemill_schema.canonical import content_id

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question


def test_every_honest_episode_holds_accepted_or_not(
    episodes: dict[str, Episode], questions: dict[str, Question]
) -> None:
    for family, episode in episodes.items():
        assert verify_episode(episode, questions[family]) == (), family
    assert [name for name, e in episodes.items() if is_accepted(e)] == [
        "mean_where",
        "highest_group",
        "share",
        "none_of_them",
        "top_kinds",
    ]


@pytest.mark.parametrize(
    ("family", "change", "defect"),
    [
        (
            "share",
            {"question_id": "0" * 64},
            "identity at /question_id",
        ),
        ("share", {"failure": "wrong_answer"}, "unsupported_claim at /failure"),
        ("share", {"failure": "timeout"}, "unsupported_claim at /submission: wanted null after"),
        ("wrong_gold", {"failure": "none"}, "unsupported_claim at /failure: wanted none exactly"),
        ("raises", {"failure": "none"}, "unsupported_claim at /failure: wanted a failed"),
        ("raises", {"submission": 3}, "unsupported_claim at /submission"),
        ("none_of_them", {"submission": False}, "unsupported_claim at /submission: wanted 0 as"),
        ("none_of_them", {"submission": None}, "unsupported_claim at /submission: wanted 0 as"),
    ],
)
def test_what_the_record_contradicts_is_named(
    episodes: dict[str, Episode],
    questions: dict[str, Question],
    family: str,
    change: dict[str, object],
    defect: str,
) -> None:
    changed = resealed(episodes[family], **change)
    found = [str(item) for item in verify_episode(changed, questions[family])]
    assert any(item.startswith(defect) for item in found), found


def test_a_changed_record_without_a_new_id_is_named(
    episodes: dict[str, Episode], questions: dict[str, Question]
) -> None:
    changed = episodes["share"].replace(submission=49.0)
    kinds = [defect.kind for defect in verify_episode(changed, questions["share"])]
    assert "identity" in kinds


def test_a_turn_with_another_number_is_out_of_order(
    episodes: dict[str, Episode], questions: dict[str, Question]
) -> None:
    turn = episodes["share"].turns[0].replace(i=3)
    changed = resealed(episodes["share"], turns=(turn,))
    first = verify_episode(changed, questions["share"])[0]
    assert str(first) == "order at /turns: wanted turns 0, 1, ..., got [3]"


def test_code_that_is_not_the_questions_program_is_misaligned(
    episodes: dict[str, Episode], questions: dict[str, Question]
) -> None:
    found = verify_episode(episodes["share"], questions["mean_where"])
    assert {"alignment", "identity"} <= {defect.kind for defect in found}


def test_executing_again_finds_a_value_that_was_changed_with_its_hash(
    episodes: dict[str, Episode], questions: dict[str, Question]
) -> None:
    true = episodes["highest_group"]
    hooks = list(true.turns[0].hooks)
    means = {"blue": 41.0, "green": 7.0, "red": 15.375}
    hooks[1] = hooks[1].replace(value=means, value_hash=content_id(means))
    forged = with_hooks(true, hooks)
    assert verify_episode(forged, questions["highest_group"]) == ()
    (defect,) = reexecuted(forged, true)
    assert (defect.kind, defect.where) == ("number", "/turns/0/hooks/1/value")
    assert reexecuted(true, true) == ()


def test_the_answer_hook_is_the_last_line_that_binds_answer(
    episodes: dict[str, Episode],
) -> None:
    hook = answer_hook(episodes["share"].turns[0])
    assert hook is not None
    assert hook.value == 50.0
    assert answer_hook(episodes["silent"].turns[0]) is None
