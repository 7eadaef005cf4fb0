"""Rewards, found by name among the entry points ``tracemill.rewards``.

``answer`` looks at the answer, ``format`` at the tags, ``step_validity`` at the steps. Each is
between 0 and 1 and comes with its reason; bad text earns 0, it never raises.
"""

from __future__ import annotations

from tracemill_datagen.check import check_text
from tracemill_schema.answer import judge
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    CLOSE_REASONING,
    OPEN_ANSWER,
    OPEN_REASONING,
    tagged,
)
from tracemill_schema.question import Question
from tracemill_schema.reward import Judgement


def answer(question: Question, text: str) -> Judgement:
    """1 if the tagged answer is one of the admissible ones, by ``tracemill_schema.answer``."""
    given = tagged(text, OPEN_ANSWER, CLOSE_ANSWER)
    if given is None:
        return Judgement(value=0.0, reason="there is no one pair of answer tags")
    outcomes = [judge(question.answer_spec, gold.value, given) for gold in question.answers]
    best = next((outcome for outcome in outcomes if outcome.correct), outcomes[0])
    return Judgement(value=float(best.correct), reason=best.reason)


def formatted(question: Question, text: str) -> Judgement:  # noqa: ARG001 - every reward has both
    """1 for one pair of reasoning tags, then one pair of answer tags, both filled, nothing else."""
    reasoning = tagged(text, OPEN_REASONING, CLOSE_REASONING)
    given = tagged(text, OPEN_ANSWER, CLOSE_ANSWER)
    if reasoning is None or given is None:
        missing = "reasoning" if reasoning is None else "answer"
        return Judgement(value=0.0, reason=f"there is no one pair of {missing} tags")
    if not reasoning.strip() or not given.strip():
        return Judgement(value=0.0, reason="the tags are empty")
    whole = f"{OPEN_REASONING}{reasoning}{CLOSE_REASONING}{OPEN_ANSWER}{given}{CLOSE_ANSWER}"
    if text.strip().replace(CLOSE_REASONING + "\n", CLOSE_REASONING) != whole:
        return Judgement(value=0.0, reason="there is text outside the tags, or they are mixed up")
    return Judgement(value=1.0, reason="well formed")


def step_validity(question: Question, text: str) -> Judgement:
    """Share of the chain that holds; 1 only if every step is true, connected and used.

    The end of the chain in the given answer counts as one more step, so that no steps earn 0.

    Raises:
        BadRequest: if the question is about a table; ask only for reasoning families.
    """
    report = check_text(question, text)
    reason = f"step {report.fault.step} {report.fault.reason}" if report.fault else "all steps hold"
    return Judgement(value=report.share, reason=reason)
