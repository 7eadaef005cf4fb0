"""The verdict on a submission: does it equal one of the admissible answers, and which reading."""

from __future__ import annotations

from tracemill_schema.answer import judge
from tracemill_schema.canonical import Value
from tracemill_schema.episode import FailureClass, Verdict
from tracemill_schema.question import Question


def verdict_on(question: Question, submission: Value) -> Verdict:
    """Judge a submission against every admissible answer, in the order of the question.

    The first answer that it equals names the interpretation. If it equals none, the reason is
    that of the first answer.
    """
    spec = question.answer_spec
    outcomes = [judge(spec, answer.value, submission) for answer in question.answers]
    for answer, outcome in zip(question.answers, outcomes, strict=True):
        if outcome.correct:
            return Verdict(
                correct=True,
                reason=outcome.reason,
                matched_interpretation=answer.interpretation,
            )
    others = f" (nor any of {len(outcomes) - 1} other readings)" if len(outcomes) > 1 else ""
    return Verdict(correct=False, reason=outcomes[0].reason + others, matched_interpretation=None)


def not_judged(failure: FailureClass, detail: str = "") -> Verdict:
    """Return the verdict on an episode that gave nothing to judge."""
    reason = f"not judged: {failure}" + (f": {detail}" if detail else "")
    return Verdict(correct=False, reason=reason, matched_interpretation=None)
