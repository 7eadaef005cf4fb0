from __future__ import annotations

import pytest

from tracemill_schema.question import Question
from tracemill_schema.reward import Judgement, Reward


def test_a_plain_function_is_a_reward(question: Question) -> None:
    def length(question: Question, text: str) -> Judgement:
        return Judgement(value=min(len(text) / len(question.prompt), 1.0), reason="length")

    reward: Reward = length
    assert reward(question, question.prompt).value == 1.0


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_reward_lies_between_0_and_1(value: float) -> None:
    with pytest.raises(ValueError, match="value"):
        Judgement(value=value, reason="x")
