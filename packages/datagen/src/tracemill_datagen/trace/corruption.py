"""Ways in which a trace can be wrong, made on purpose: the verifier must name each.

Every corruption gives a strict trace with a matching id, so that only what it says can betray it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracemill_datagen.episode.corruption import WRONG_LABEL, WRONG_UNIT
from tracemill_datagen.episode.defect import DefectKind
from tracemill_schema.claim import Claim
from tracemill_schema.trace import Step, Trace


@dataclass(frozen=True, kw_only=True)
class TraceCorruption:
    """One way to corrupt a trace.

    Attributes:
        name: What is done.
        kind: Class under which the verifier must report it.
        apply: Returns the corrupted trace, or None if the trace gives no occasion.
    """

    name: str
    kind: DefectKind
    apply: Callable[[Trace], Trace | None]


def with_steps(trace: Trace, steps: Sequence[Step]) -> Trace:
    """Return the trace with other steps, numbered anew, and the id that fits."""
    return resealed(trace, steps=tuple(step.replace(i=i) for i, step in enumerate(steps)))


def resealed(trace: Trace, **changes: object) -> Trace:
    """Return the trace with some fields changed and the id that fits."""
    fields = {name: getattr(trace, name) for name in Trace.model_fields if name != "id"}
    return Trace.make(**(fields | changes))


def _changed(trace: Trace, at: int, **changes: object) -> Trace:
    steps = trace.steps
    return with_steps(trace, [*steps[:at], steps[at].replace(**changes), *steps[at + 1 :]])


def _numeric(trace: Trace) -> Step | None:
    """Return the last step whose result is a number."""
    for step in reversed(trace.steps):
        result = step.claim.result if step.claim else None
        if isinstance(result, int | float) and not isinstance(result, bool):
            return step
    return None


def _number_in_text(trace: Trace) -> Trace | None:
    step = _numeric(trace)
    if step is None:
        return None
    head, _, tail = step.content.rpartition(" = ")
    content = f"{head} = " + re.sub(r"\d+", lambda m: str(int(m[0]) + 1), tail, count=1)
    return _changed(trace, step.i, content=content)


def _number_in_claim(trace: Trace) -> Trace | None:
    """Change a number in text, claim and, for a quote, argument: the claim still replays."""
    step = _numeric(trace)
    if step is None or step.claim is None or not isinstance(step.claim.result, int | float):
        return None
    value = step.claim.result + 1
    changed = _number_in_text(trace) or trace
    return _changed(changed, step.i, claim=Claim(op="quote", args=(value,), result=value))


def _order(trace: Trace) -> Trace | None:
    steps = trace.steps
    return with_steps(trace, [*steps[:-2], steps[-1], steps[-2]]) if len(steps) >= 2 else None


def _dropped(trace: Trace) -> Trace | None:
    steps = trace.steps
    return with_steps(trace, steps[:-2] + steps[-1:]) if len(steps) >= 2 else None


def _unsupported_step(trace: Trace) -> Trace | None:
    said = Step(i=0, type="compute", content="It is clear that this must be so.", claim=None)
    return with_steps(trace, [*trace.steps[:-1], said, trace.steps[-1]])


def _unsupported_claim(trace: Trace) -> Trace | None:
    """Give a step a claim that replays but is not what its line does."""
    step = _numeric(trace)
    if step is None or step.claim is None:
        return None
    result = step.claim.result
    return _changed(trace, step.i, claim=Claim(op="add", args=(result, 0), result=result))


def _label(trace: Trace) -> Trace | None:
    for step in trace.steps:
        content = re.sub(r"'[^']+'", f"'{WRONG_LABEL}'", step.content, count=1)
        if content != step.content:
            return _changed(trace, step.i, content=content)
    return None


def _label_of_answer(trace: Trace) -> Trace | None:
    if trace.answer_spec.kind != "string":
        return None
    return resealed(trace, final_answer=WRONG_LABEL)


def _forged(trace: Trace) -> Trace | None:
    claim = Claim(op="quote", args=(7,), result=7)
    forged = Step(i=0, type="compute", content="made_up: the mean of nothing = 7", claim=claim)
    return with_steps(trace, [*trace.steps[:-1], forged, trace.steps[-1]])


def _unit_of_answer(trace: Trace) -> Trace | None:
    if _numeric(trace) is not trace.steps[-1]:
        return None
    return resealed(trace, final_answer=f"{trace.final_answer} {WRONG_UNIT}")


def _unit_of_step(trace: Trace) -> Trace | None:
    last = trace.steps[-1]
    unit = trace.answer_spec.unit
    if unit is None or not last.content.endswith(f" {unit}"):
        return None
    content = f"{last.content.removesuffix(unit)}{WRONG_UNIT}"
    return _changed(trace, last.i, content=content)


TRACE_CORRUPTIONS: tuple[TraceCorruption, ...] = (
    TraceCorruption(name="number in the text", kind="number", apply=_number_in_text),
    TraceCorruption(name="number in text and claim", kind="number", apply=_number_in_claim),
    TraceCorruption(name="two steps exchanged", kind="order", apply=_order),
    TraceCorruption(name="step left out", kind="dropped_step", apply=_dropped),
    TraceCorruption(name="step nobody proved", kind="unsupported_claim", apply=_unsupported_step),
    TraceCorruption(name="claim of no line", kind="unsupported_claim", apply=_unsupported_claim),
    TraceCorruption(name="label in the text", kind="swapped_label", apply=_label),
    TraceCorruption(name="label as the answer", kind="swapped_label", apply=_label_of_answer),
    TraceCorruption(name="step without a hook", kind="forged_hook", apply=_forged),
    TraceCorruption(name="unit of the answer", kind="wrong_unit", apply=_unit_of_answer),
    TraceCorruption(name="unit of the last step", kind="wrong_unit", apply=_unit_of_step),
)
