"""Has a checkpoint answer the questions of a split: completion.v1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracemill_schema.completion import Completion
from tracemill_schema.training import Checkpoint
from tracemill_trainer.checkpoint import read_saved, read_weights
from tracemill_trainer.config import CompleteConfig
from tracemill_trainer.data import Asked
from tracemill_trainer.errors import CheckpointBroken
from tracemill_trainer.home import Home, folder_digest
from tracemill_trainer.sampler import Sampled, Sampler
from tracemill_trainer.tokenizer import EOS, decode, encode_prompt
from tracemill_trainer.update import abstract_weights

SLOT_STEP = 16
"""Prompts are padded to a multiple, so that nearly equal lengths share one compiled program."""


def load_sampler(home: Home, checkpoint: Checkpoint) -> Sampler:
    """Return a sampler with the weights of a checkpoint.

    Raises:
        CheckpointBroken: if its files are not those that the manifest names.
    """
    place = home.folder / checkpoint.path
    got = folder_digest(place) if place.is_dir() else "no folder"
    if got != checkpoint.sha256:
        raise CheckpointBroken(
            f"{place}: wanted the digest {checkpoint.sha256[:16]} as the manifest says, "
            f"got {got[:16]}; choose another step or train again"
        )
    config = read_saved(place).model
    graph, like = abstract_weights(config)
    return Sampler(graph, read_weights(place, like), config)


def complete(
    sampler: Sampler,
    asked: Sequence[Asked],
    *,
    model: str,
    settings: CompleteConfig,
    skip: int,
) -> Iterator[list[Completion]]:
    """Yield the completions of the questions after the first ``skip``, batch by batch, in order.

    A batch that was cut off is made again as a whole, so that the text of no question depends on
    where a call was killed.

    Args:
        sampler: The model.
        asked: The questions, and the text that it is given for each.
        model: Digest of the checkpoint.
        settings: Rows of a batch and room for the answer.
        skip: Questions, the first ones, that need no completion any more.
    """
    prompts = [encode_prompt(one.prompt) for one in asked]
    longest = max(len(prompt) for prompt in prompts)
    slots = -(-longest // SLOT_STEP) * SLOT_STEP
    rows = min(settings.batch_rows, len(prompts))
    for start in range(0, len(prompts), rows):
        chunk = prompts[start : start + rows]
        if start + len(chunk) <= skip:
            continue
        answers = sampler.greedy(chunk, prompt_slots=slots, rows=rows, room=settings.max_new_tokens)
        made = [
            _completion(one.question.id, answer, model)
            for one, answer in zip(asked[start : start + rows], answers, strict=True)
        ]
        yield made[max(0, skip - start) :]


def _completion(question_id: str, answer: Sampled, model: str) -> Completion:
    return Completion(
        question_id=question_id,
        model=model,
        sample=0,
        text=decode(token for token in answer.tokens if token != EOS),
        tokens=len(answer.tokens),
        finish=answer.finish,
    )
