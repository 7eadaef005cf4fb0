"""The reference solver: it answers a question with the question's own program in pandas."""

from __future__ import annotations

from dataclasses import dataclass

from tracemill_datagen.program.engine.line import assignments
from tracemill_datagen.solver.words import in_words
from tracemill_schema.episode import Solver
from tracemill_schema.errors import FaultsFound
from tracemill_schema.question import Question


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One turn as a solver proposes it, before anything was run.

    Attributes:
        reasoning: What it thinks, in words.
        code: Python that ends by binding ``answer``.
        correction: What the turn mends of the one before; None in a first turn.
    """

    reasoning: str
    code: str
    correction: str | None = None


def reference_solver(*, seed: int) -> Solver:
    """Return who the reference solver is. It is deterministic: the seed changes nothing."""
    return Solver(kind="reference", model=None, sampling={}, seed=seed)


def reference_draft(question: Question) -> Draft:
    """Return the one turn that the reference solver makes of a question.

    Raises:
        FaultsFound: if the question carries no program with a source text.
    """
    if question.program is None or question.program.source is None:
        raise FaultsFound(
            f"question {question.id[:16]}: wanted a program with its source text, got none; "
            "the reference solver can only work on questions that carry their program"
        )
    code = question.program.source
    plan = "; ".join(in_words(line.value) for line in assignments(code))
    return Draft(reasoning=f"I compute in turn: {plan}." if plan else "I run it.", code=code)
