"""A trace as a person reads it."""

from __future__ import annotations

from tracemill_schema.canonical import short
from tracemill_schema.claim import Claim, StepRef
from tracemill_schema.trace import Step, Trace


def shown(trace: Trace) -> str:
    """Return a trace as text: head, prompt, numbered steps with their claims, answer."""
    said = trace.provenance
    lines = [
        f"trace {short(trace.id)}  family {said.family}  licence {said.licence}",
        "",
        trace.prompt,
        "",
        *(_step(step) for step in trace.steps),
        "",
        f"answer  {trace.final_answer}",
    ]
    return "\n".join(lines)


def _step(step: Step) -> str:
    claim = f"  [{_claim(step.claim)}]" if step.claim else ""
    return f"{step.i:>3}  {step.content}{claim}"


def _claim(claim: Claim) -> str:
    if claim.op == "quote" and not isinstance(claim.args[0], StepRef):
        return "quoted"
    return f"{claim.op} {' '.join(_argument(argument) for argument in claim.args)}"


def _argument(argument: object) -> str:
    return f"#{argument.step}" if isinstance(argument, StepRef) else str(argument)
