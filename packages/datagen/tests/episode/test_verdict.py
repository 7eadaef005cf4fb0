from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.verdict import not_judged, verdict_on
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.episode import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracemill_schema.question import Question


@pytest.mark.parametrize(
    ("submission", "correct", "reason", "reading"),
    [
        (3.0, True, "correct", "reading 0"),
        (3.16, True, "correct", "reading 1"),
        (True, False, "wrong: expected a number, got true (nor any of 1 other readings)", None),
        (
            3.2,
            False,
            "wrong: expected 3.0 to 2 decimals, got 3.2 (nor any of 1 other readings)",
            None,
        ),
    ],
)
def test_the_first_admissible_answer_that_is_equal_names_the_reading(
    *,
    make_question: Callable[..., Question],
    submission: Value,
    correct: bool,
    reason: str,
    reading: str | None,
) -> None:
    question = make_question("std", None, AnswerSpec(kind="number", decimals=2), 3.0, 3.16)
    assert verdict_on(question, submission) == Verdict(
        correct=correct, reason=reason, matched_interpretation=reading
    )


@pytest.mark.parametrize(
    ("detail", "reason"),
    [("", "not judged: timeout"), ("ValueError", "not judged: timeout: ValueError")],
)
def test_what_cannot_be_judged_is_not_a_wrong_answer(detail: str, reason: str) -> None:
    assert not_judged("timeout", detail).reason == reason
