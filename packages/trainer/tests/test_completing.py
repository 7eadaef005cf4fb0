from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest

from tracemill_schema.dataset import Dataset
from tracemill_schema.example import FORMS, Example, Form
from tracemill_schema.jsonl import read_records
from tracemill_trainer.completing import complete
from tracemill_trainer.config import CompleteConfig
from tracemill_trainer.data import Asked, open_dataset, tokenize, with_prompts
from tracemill_trainer.sampler import Sampled, Sampler
from tracemill_trainer.tokenizer import BOS, EOS, decode

CONFIG = CompleteConfig(model="m", dataset="d", out="evaluations/m", batch_rows=4)


class Echo:
    """A sampler that writes the prompt back."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int, int]] = []
        self.prompts: list[tuple[int, ...]] = []

    def greedy(
        self, prompts: Sequence[Sequence[int]], *, prompt_slots: int, rows: int, room: int
    ) -> list[Sampled]:
        self.calls.append((len(prompts), prompt_slots, rows))
        self.prompts.extend(tuple(prompt) for prompt in prompts)
        return [Sampled(tokens=(*prompt, EOS)[1:], finish="stop") for prompt in prompts]


@pytest.mark.parametrize(("skip", "calls"), [(0, [4, 4, 2]), (4, [4, 2]), (5, [4, 2]), (10, [])])
def test_every_question_is_asked_once_and_cut_batches_again(
    make_asked: Callable[[int], Asked], skip: int, calls: list[int]
) -> None:
    these = [make_asked(index) for index in range(10)]
    echo = Echo()
    made = complete(cast(Sampler, echo), these, model="a" * 64, settings=CONFIG, skip=skip)
    texts = {c.question_id: c.text for batch in made for c in batch}
    assert texts == {one.question.id: one.prompt for one in these[skip:]}
    assert [call[0] for call in echo.calls] == calls
    assert len({call[1:] for call in echo.calls}) <= 1, "all batches have one shape"


@pytest.mark.parametrize("form", FORMS)
def test_a_model_is_asked_with_the_tokens_that_it_saw_before_the_span(
    tmp_path: Path, write_dataset: Callable[[Path, int, int], Dataset], form: Form
) -> None:
    write_dataset(tmp_path, 30, 2)
    these = with_prompts(open_dataset(tmp_path), "test", form=form, families=(), n=300)
    echo = Echo()
    made = complete(cast(Sampler, echo), these, model="a" * 64, settings=CONFIG, skip=0)
    ids = [completion.question_id for batch in made for completion in batch]
    sampled = dict(zip(ids, echo.prompts, strict=True))
    trained = {}
    for example in read_records(tmp_path / f"examples/{form}/test.jsonl", Example):
        text = tokenize(example)
        trained[example.question_id] = text.tokens[: text.trained_from]
    assert sampled == trained
    assert len(trained) == 10


def test_the_stop_token_counts_but_has_no_text(make_asked: Callable[[int], Asked]) -> None:
    one = make_asked(0)
    ((made,),) = complete(cast(Sampler, Echo()), [one], model="a" * 64, settings=CONFIG, skip=0)
    assert made.tokens == len(one.prompt) + 1
    assert decode([BOS]) not in ("\n", made.text)
