"""Is what somebody wrote a valid chain of steps?

``check_text`` judges a completion, ``check_trace`` a trace of ours. Each line must read as a step
of the family, be true by replay, follow from the question or from earlier results and be needed,
and the chain must end in the answer that is given and that the question admits. Any wording that
can be read and any order that connects is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from tracemill_datagen.episode.hook import ANSWER
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family import catalogue
from tracemill_datagen.family.catalogue import AnyFamily
from tracemill_datagen.family.chain import literals
from tracemill_datagen.trace.step import endings
from tracemill_schema.answer import judge, show
from tracemill_schema.canonical import Value, short
from tracemill_schema.claim import (
    Claim,
    StepFault,
    StepRef,
    check_claim,
    replay,
    same_value,
)
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    CLOSE_REASONING,
    OPEN_ANSWER,
    OPEN_REASONING,
    tagged,
)
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace

MOST_STEPS = 1_000
"""As many as a trace may have."""


@dataclass(frozen=True, kw_only=True)
class ChainReport:
    """What was found in one chain.

    Attributes:
        valid: Steps before the first wrong one.
        total: Steps in all.
        fault: The first wrong step and why; its index is ``total`` when all steps hold but the
            chain does not end in the answer. None for a valid chain.
        answer_consistent: Whether the chain, valid so far, ends in the answer that was given.
    """

    valid: int
    total: int
    fault: StepFault | None
    answer_consistent: bool

    @property
    def share(self) -> float:
        """Share of what holds, 0 to 1; the answer counts as one more step, so nothing earns 0."""
        return (self.valid + self.answer_consistent) / (self.total + 1)


def check_text(question: Question, text: str) -> ChainReport:
    """Judge a completion: ``<reasoning>`` lines ``</reasoning><answer>`` answer ``</answer>``.

    Never raises for bad text. Blank lines do not count as steps.

    Raises:
        BadRequest: if the question is not of a reasoning family.
    """
    family = family_of(question)
    reasoning = tagged(text, OPEN_REASONING, CLOSE_REASONING)
    lines = [line for line in (reasoning or "").split("\n") if line.strip()]
    answer = tagged(text, OPEN_ANSWER, CLOSE_ANSWER)
    if reasoning is None:
        return _faulty(0, 0, "there is no one pair of reasoning tags")
    return check_lines(family, question, lines, answer)


def check_lines(
    family: AnyFamily, question: Question, lines: Sequence[str], answer: str | None
) -> ChainReport:
    """Judge the lines of a chain and the answer after it."""
    said = [family.parse_step(line) for line in lines[:MOST_STEPS]]
    if len(lines) > MOST_STEPS:
        return _faulty(MOST_STEPS, len(lines), f"there are more than {MOST_STEPS} steps")
    return _follow(_Reading(family=family, lines=lines, said=said), question, answer)


def check_trace(question: Question, trace: Trace) -> StepFault | None:
    """Judge a trace: its claims by replay, and its text against its claims.

    The text of a reasoning family's step is read whole. Of a step about a table only the value at
    its end is compared: its words, and a value that it quotes, are proved by the episode alone
    (``dataset.proof``). An ingested trace claims nothing, so only its answer is judged.

    Return the first fault, its index being the number of steps if only the answer is wrong.
    """
    fault = replay(trace)
    family = catalogue.find(question.family) if question.table_id is None else None
    if family is None:
        untold = _table_text_fault(trace) if question.table_id is not None else None
        return _first(fault, _answer_fault(question, trace), untold)
    lines = [step.content for step in trace.steps]
    said = [family.parse_step(line) for line in lines]
    differs = _text_fault(said, trace)
    proved = fault is None and differs is None
    reading = _Reading(family=family, lines=lines, said=said, proved=proved)
    return _first(fault, differs, _follow(reading, question, trace.final_answer).fault)


def family_of(question: Question) -> AnyFamily:
    """Return the reasoning family of a question.

    Raises:
        BadRequest: if it is a question about a table or of an unknown family.
    """
    if question.table_id is not None:
        raise BadRequest(
            f"question {short(question.id)} is about a table (family {question.family}); "
            "its steps are checked by executing them, not by a reasoning family"
        )
    return catalogue.by_name(question.family)


def parameters_of(family: AnyFamily, question: Question) -> object:
    """Return the parameters of a question as the family's own record."""
    where = f"parameters of question {short(question.id)}"
    return family.parameters.from_bytes(orjson.dumps(question.parameters), where=where)


def _faulty(index: int, total: int, reason: str) -> ChainReport:
    fault = StepFault(step=index, reason=reason)
    return ChainReport(valid=index, total=total, fault=fault, answer_consistent=False)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Lines, the claims they were read as, and whether those were replayed before."""

    family: AnyFamily
    lines: Sequence[str]
    said: Sequence[Claim | None]
    proved: bool = False


def _follow(reading: _Reading, question: Question, answer: str | None) -> ChainReport:
    chain = reading.family.start(parameters_of(reading.family, question))
    total = len(reading.lines)
    for index, claim in enumerate(reading.said):
        if claim is None:
            line = reading.lines[index][:80]
            return _faulty(index, total, f"is not a step of {reading.family.name}: {line!r}")
        untrue = None if reading.proved else check_claim(claim, {})
        reason = untrue or chain.advance(claim)
        if reason is not None:
            return _faulty(index, total, reason)
    end = chain.end()
    unused = None if end is None else chain.unused()
    if unused is not None:
        given = reading.said[unused]
        shown = show(given.result) if given else ""
        return _faulty(unused, total, f"gives {shown}, which no later step uses")
    reason = _end_reason(question, end, answer)
    if reason is not None:
        return _faulty(total, total, reason)
    return ChainReport(valid=total, total=total, fault=None, answer_consistent=True)


def _end_reason(question: Question, end: Value, answer: str | None) -> str | None:
    if end is None:
        return "the steps end before the question is answered"
    if not any(_equal(question, gold.value, end) for gold in question.answers):
        return f"the steps give {show(end)}, which is not an answer to the question"
    if answer is None:
        return "there is no one pair of answer tags"
    if answer != show(end) and not judge(question.answer_spec, end, answer).correct:
        return f"the steps give {show(end)}, the answer says {answer[:80]}"
    return None


def _equal(question: Question, gold: Value, end: Value) -> bool:
    """Judge, but for the same value at once: nearly all traces end in it."""
    return same_value(gold, end) or judge(question.answer_spec, gold, end).correct


def _answer_fault(question: Question, trace: Trace) -> StepFault | None:
    outcomes = [
        judge(question.answer_spec, gold.value, trace.final_answer) for gold in question.answers
    ]
    if any(outcome.correct for outcome in outcomes):
        return None
    return StepFault(step=len(trace.steps), reason=outcomes[0].reason)


def _first(*found: StepFault | None) -> StepFault | None:
    return min((each for each in found if each), key=lambda each: each.step, default=None)


def _table_text_fault(trace: Trace) -> StepFault | None:
    unit = trace.answer_spec.unit
    for step in trace.steps:
        wanted = endings(step, unit=unit)
        if step.claim is None:
            return StepFault(step=step.i, reason="carries no claim")
        if not step.content.endswith(wanted):
            claims = show(step.claim.result)[:80]
            reason = (
                f"ends in {step.content[-80:]!r}, but claims {claims}: "
                f"wanted {wanted[0][-80:]!r} at its end"
            )
            return StepFault(step=step.i, reason=reason)
    return _conclusion_fault(trace)


def _conclusion_fault(trace: Trace) -> StepFault | None:
    ends = [s.claim.result for s in trace.steps if s.claim and s.content.startswith(f"{ANSWER}: ")]
    if not ends:
        return StepFault(step=len(trace.steps), reason=f"no step gives the {ANSWER}")
    end, said = ends[-1], trace.final_answer
    if said == show(end) or judge(trace.answer_spec, end, said).correct:
        return None
    reason = f"the steps give {show(end)}, the answer says {said[:80]}"
    return StepFault(step=len(trace.steps), reason=reason)


def _text_fault(said: Sequence[Claim | None], trace: Trace) -> StepFault | None:
    results: dict[int, Value] = {}
    for step, claim in zip(trace.steps, said, strict=True):
        if step.claim is None or claim is None:
            reason = "carries no claim that its text could be held against"
            return StepFault(step=step.i, reason=reason)
        args = [results.get(a.step) if isinstance(a, StepRef) else a for a in step.claim.args]
        claimed: list[Value] = [step.claim.op, args, step.claim.result]
        stated: list[Value] = [claim.op, literals(claim), claim.result]
        if stated != claimed and not same_value(stated, claimed):
            reason = f"says {step.content[:80]!r}, but claims {show(claimed)}"
            return StepFault(step=step.i, reason=reason)
        results[step.i] = step.claim.result
    return None
