from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import pytest

from tracemill_schema.question import Question
from tracemill_trainer.completing import complete
from tracemill_trainer.config import CompleteConfig
from tracemill_trainer.sampler import Sampled, Sampler
from tracemill_trainer.tokenizer import BOS, EOS, decode

CONFIG = CompleteConfig(model="m", dataset="d", out="evaluations/m", batch_rows=4)


class Echo:
    """A sampler that writes the prompt back."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int, int]] = []

    def greedy(
        self, prompts: Sequence[Sequence[int]], *, prompt_slots: int, rows: int, room: int
    ) -> list[Sampled]:
        self.calls.append((len(prompts), prompt_slots, rows))
        return [Sampled(tokens=(*prompt, EOS)[1:], finish="stop") for prompt in prompts]


@pytest.mark.parametrize(("skip", "calls"), [(0, [4, 4, 2]), (4, [4, 2]), (5, [4, 2]), (10, [])])
def test_every_question_is_asked_once_and_cut_batches_again(
    make_question: Callable[[int], Question], skip: int, calls: list[int]
) -> None:
    asked = [make_question(index) for index in range(10)]
    echo = Echo()
    made = complete(cast(Sampler, echo), asked, model="a" * 64, settings=CONFIG, skip=skip)
    texts = {c.question_id: c.text for batch in made for c in batch}
    assert texts == {question.id: question.prompt + "\n" for question in asked[skip:]}
    assert [call[0] for call in echo.calls] == calls
    assert len({call[1:] for call in echo.calls}) <= 1, "all batches have one shape"


def test_the_stop_token_counts_but_has_no_text(make_question: Callable[[int], Question]) -> None:
    question = make_question(0)
    ((made,),) = complete(
        cast(Sampler, Echo()), [question], model="a" * 64, settings=CONFIG, skip=0
    )
    assert made.tokens == len(question.prompt) + 2
    assert decode([BOS]) not in ("\n", made.text)
