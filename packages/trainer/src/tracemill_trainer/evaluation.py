"""Judges completions: the answer by ``schema.answer``, the steps by the reward ``step_validity``.

Nothing is believed because it looks right: an answer counts if it stands between the answer tags
exactly once and equals one of the question's admissible answers; steps count if they replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import cast

from tracemill_schema.answer import judge
from tracemill_schema.canonical import content_id
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    OPEN_ANSWER,
    OPEN_REASONING,
    Completion,
    tagged,
)
from tracemill_schema.errors import UsageFault
from tracemill_schema.evaluation import Evaluation, ItemVerdict, Rate, wilson
from tracemill_schema.question import Question
from tracemill_schema.reward import REWARD_GROUP, Reward
from tracemill_schema.training import Training
from tracemill_trainer.errors import CompletionsMismatch

STEP_REWARD = "step_validity"


def find_step_reward() -> Reward | None:
    """Return the installed reward ``step_validity``, or None if no package brings it."""
    for entry in entry_points(group=REWARD_GROUP, name=STEP_REWARD):
        return cast(Reward, entry.load())
    return None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A verdict, and whether its steps could be judged at all."""

    verdict: ItemVerdict
    shows_steps: bool
    """There are steps, and a reward that can replay steps of such a question."""


def judge_completion(
    question: Question, completion: Completion, step_reward: Reward | None
) -> Judged:
    """Judge one completion against every admissible answer of its question."""
    answer = tagged(completion.text, OPEN_ANSWER, CLOSE_ANSWER)
    correct, reason = _answer_verdict(question, answer)
    valid = _step_verdict(question, completion.text, step_reward)
    verdict = ItemVerdict(
        question_id=question.id,
        family=question.family,
        source=question.source,
        difficulty=question.difficulty,
        sample=completion.sample,
        correct=correct,
        reason=reason,
        formatted=answer is not None,
        valid_steps=valid or 0.0,
    )
    return Judged(verdict=verdict, shows_steps=valid is not None)


def judge_all(
    questions: Sequence[Question], completions: Sequence[Completion], step_reward: Reward | None
) -> list[Judged]:
    """Judge completions in order.

    Raises:
        CompletionsMismatch: if one is of an unknown question, or there twice.
    """
    known = {question.id: question for question in questions}
    seen: dict[tuple[str, int], None] = {}
    judged = []
    for completion in completions:
        key = (completion.question_id, completion.sample)
        if completion.question_id not in known:
            raise CompletionsMismatch(
                f"a completion answers question {key[0][:16]}, which is not in the split; "
                "evaluate with the dataset and split that the completions were made from"
            )
        if key in seen:
            raise CompletionsMismatch(
                f"question {key[0][:16]} has sample {key[1]} twice; make the completions again"
            )
        seen[key] = None
        judged.append(judge_completion(known[key[0]], completion, step_reward))
    return judged


def checkpoint_of(completions: Sequence[Completion]) -> str:
    """Return the digest of the one checkpoint that wrote all completions.

    Raises:
        CompletionsMismatch: if there are none, or several checkpoints wrote them.
    """
    models = list(dict.fromkeys(completion.model for completion in completions))
    if len(models) != 1:
        raise CompletionsMismatch(
            f"wanted completions of one checkpoint, got {len(models)}; make the completions again"
        )
    return models[0]


def refuse_foreign(completions: Sequence[Completion], training: Training) -> None:
    """Check that a checkpoint of this training wrote the completions.

    Raises:
        CompletionsMismatch: if not.
    """
    wrote = checkpoint_of(completions)
    if wrote not in {checkpoint.sha256 for checkpoint in training.checkpoints}:
        raise CompletionsMismatch(
            f"checkpoint {wrote[:16]} wrote the completions, which is none of {training.model}; "
            "make them again with this model or name the model that wrote them"
        )


def summarise(
    judged: Sequence[Judged], *, model: str, checkpoint: str, items_file: str, items_sha256: str
) -> Evaluation:
    """Return the summary of an evaluation, every rate with its 95 % Wilson interval.

    Args:
        judged: What was judged, one per completion.
        model: Name of the model.
        checkpoint: Digest of the checkpoint that wrote the completions.
        items_file: Name of the file that holds the verdicts, beside the summary.
        items_sha256: Its digest.
    """
    verdicts = [item.verdict for item in judged]
    first = _first_samples(verdicts)
    solved = _any_correct(verdicts)
    return Evaluation(
        model=model,
        checkpoint=checkpoint,
        evaluation_set=content_id([verdict.question_id for verdict in first]),
        items_file=items_file,
        items_sha256=items_sha256,
        samples_per_item=1 + max(verdict.sample for verdict in verdicts),
        n_items=len(first),
        n_scored=len(first),
        pass_at_1=_rate(v.correct for v in first),
        pass_at_k=_rate(solved.values()),
        format_rate=_rate(v.formatted for v in verdicts),
        step_validity=_rate(item.verdict.valid_steps == 1.0 for item in judged if item.shows_steps),
        by_family=_rates(first, lambda v: v.family),
        by_difficulty=_rates(first, lambda v: f"{v.difficulty:g}"),
        by_source=_rates(first, lambda v: v.source),
    )


def _answer_verdict(question: Question, answer: str | None) -> tuple[bool, str]:
    if answer is None:
        return False, "wrong: the answer tags do not stand there exactly once"
    reasons = []
    for admissible in question.answers:
        outcome = judge(question.answer_spec, admissible.value, answer)
        if outcome.correct:
            return True, f"correct ({admissible.interpretation})"
        reasons.append(outcome.reason)
    return False, reasons[0]


def _step_verdict(question: Question, text: str, step_reward: Reward | None) -> float | None:
    """Return the share of valid steps, or None if there are none or none can be replayed."""
    if step_reward is None or OPEN_REASONING not in text:
        return None
    try:
        return step_reward(question, text).value
    except UsageFault:
        return None  # the reward says that it does not know steps of such questions


def _first_samples(verdicts: Sequence[ItemVerdict]) -> list[ItemVerdict]:
    first: dict[str, ItemVerdict] = {}
    for verdict in verdicts:
        kept = first.setdefault(verdict.question_id, verdict)
        if verdict.sample < kept.sample:
            first[verdict.question_id] = verdict
    return list(first.values())


def _any_correct(verdicts: Sequence[ItemVerdict]) -> Mapping[str, bool]:
    solved: dict[str, bool] = {}
    for verdict in verdicts:
        solved[verdict.question_id] = solved.get(verdict.question_id, False) or verdict.correct
    return solved


def _rate(hits: Iterable[bool]) -> Rate:
    judged = list(hits)
    return wilson(sum(judged), len(judged))


def _rates(verdicts: Sequence[ItemVerdict], key: Callable[[ItemVerdict], str]) -> dict[str, Rate]:
    groups: dict[str, list[bool]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict), []).append(verdict.correct)
    return {name: _rate(groups[name]) for name in sorted(groups)}
