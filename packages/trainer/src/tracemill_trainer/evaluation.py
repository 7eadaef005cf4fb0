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
from tracemill_schema.canonical import content_id, short
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    OPEN_ANSWER,
    Completion,
    tagged,
)
from tracemill_schema.errors import UsageFault
from tracemill_schema.evaluation import Evaluation, ItemVerdict, Rate, wilson
from tracemill_schema.question import Question
from tracemill_schema.reward import REWARD_GROUP, Reward
from tracemill_schema.training import Training
from tracemill_trainer.errors import CompletionsMismatch
from tracemill_trainer.home import form_of

STEP_REWARD = "step_validity"


def find_step_reward() -> Reward | None:
    """Return the installed reward ``step_validity``, or None if no package brings it."""
    for entry in entry_points(group=REWARD_GROUP, name=STEP_REWARD):
        return cast(Reward, entry.load())
    return None


def step_reward_of(training: Training) -> Reward | None:
    """Return the reward for the steps of a model that was taught to show them, else None."""
    return find_step_reward() if form_of(training) == "trace" else None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A verdict, and whether steps were due; if so and none are there, they are not valid."""

    verdict: ItemVerdict
    owes_steps: bool
    """There is a reward that can replay the steps of such a question."""


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
    return Judged(verdict=verdict, owes_steps=valid is not None)


def judge_all(
    asked: Sequence[Question], completions: Sequence[Completion], step_reward: Reward | None
) -> list[Judged]:
    """Judge the completions of every question that was asked, in that order, by sample.

    Raises:
        CompletionsMismatch: if one is of another question, or there twice, or if a question lacks
            a sample that another one has.
    """
    found = _by_question(asked, completions)
    samples = 1 + max((completion.sample for completion in completions), default=0)
    wanted = [(question, sample) for question in asked for sample in range(samples)]
    missing = [(q, sample) for q, sample in wanted if (q.id, sample) not in found]
    if missing:
        question, sample = missing[0]
        raise CompletionsMismatch(
            f"wanted {samples} per question of {len(asked)}, got none of question "
            f"{short(question.id)} sample {sample}; {len(missing)} of {len(wanted)} are missing: "
            "make the completions again"
        )
    return [judge_completion(q, found[q.id, sample], step_reward) for q, sample in wanted]


def _by_question(
    asked: Sequence[Question], completions: Sequence[Completion]
) -> dict[tuple[str, int], Completion]:
    known = {question.id for question in asked}
    found: dict[tuple[str, int], Completion] = {}
    for completion in completions:
        key = (completion.question_id, completion.sample)
        if completion.question_id not in known:
            raise CompletionsMismatch(
                f"a completion answers question {short(key[0])}, which was not asked; "
                "make the completions again"
            )
        if key in found:
            raise CompletionsMismatch(
                f"question {short(key[0])} has sample {key[1]} twice; make the completions again"
            )
        found[key] = completion
    return found


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

    ``pass_at_1`` and the rates by family, difficulty and source are means over all samples.

    Args:
        judged: What was judged, every question with the same number of samples.
        model: Name of the model.
        checkpoint: Digest of the checkpoint that wrote the completions.
        items_file: Name of the file that holds the verdicts, beside the summary.
        items_sha256: Its digest.
    """
    verdicts = [item.verdict for item in judged]
    solved = _any_correct(verdicts)
    samples = len(verdicts) // len(solved)
    owed = [item.verdict for item in judged if item.owes_steps]
    return Evaluation(
        model=model,
        checkpoint=checkpoint,
        evaluation_set=content_id(list(solved)),
        items_file=items_file,
        items_sha256=items_sha256,
        samples_per_item=samples,
        n_items=len(solved),
        n_scored=len(solved),
        pass_at_1=_rate((v.correct for v in verdicts), samples),
        pass_at_k=_rate(solved.values(), 1),
        format_rate=_rate((v.formatted for v in verdicts), samples),
        step_validity=_rate((v.valid_steps == 1.0 for v in owed), samples),
        by_family=_rates(verdicts, samples, lambda v: v.family),
        by_difficulty=_rates(verdicts, samples, lambda v: f"{v.difficulty:g}"),
        by_source=_rates(verdicts, samples, lambda v: v.source),
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
    """Return the share of valid steps, 0 without any, or None if none were due."""
    if step_reward is None:
        return None
    try:
        return step_reward(question, text).value
    except UsageFault:
        return None  # the reward says that it does not know steps of such questions


def _any_correct(verdicts: Sequence[ItemVerdict]) -> Mapping[str, bool]:
    solved: dict[str, bool] = {}
    for verdict in verdicts:
        solved[verdict.question_id] = solved.get(verdict.question_id, False) or verdict.correct
    return solved


def _rate(hits: Iterable[bool], samples: int) -> Rate:
    judged = list(hits)
    return wilson(sum(judged), len(judged), samples=samples)


def _rates(
    verdicts: Sequence[ItemVerdict], samples: int, key: Callable[[ItemVerdict], str]
) -> dict[str, Rate]:
    groups: dict[str, list[bool]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict), []).append(verdict.correct)
    return {name: _rate(groups[name], samples) for name in sorted(groups)}
