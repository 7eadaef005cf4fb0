"""How a chain of steps is followed.

A true step is not enough: its operands must come from the question or from earlier steps, and
the chain must end in the answer. Families whose steps have a fixed order bring their own chain;
``OperandPool`` serves those where any order that connects is right.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from tracemill_schema.answer import show
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim, StepRef, same_value


class Chain(ABC):
    """How far one chain has come; each object follows one text."""

    @abstractmethod
    def advance(self, claim: Claim) -> str | None:
        """Take the next claim, which is known to be true; return why it does not follow, or None.

        The state is only changed by a claim that follows.
        """

    @abstractmethod
    def end(self) -> Value:
        """Return what the chain has shown, or None while the question is open."""


class OperandPool(Chain):
    """Operands are the question's values, the given constants and the earlier results."""

    def __init__(self, *, values: Sequence[Value], ops: Sequence[str], target: Value) -> None:
        self._pool = list(values)
        self._ops = tuple(ops)
        self._target = target
        self._last: Value = None

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``."""
        if claim.op not in self._ops:
            return f"{claim.op} is not a step of this family"
        for arg in literals(claim):
            if not any(same_value(arg, known) for known in self._pool):
                return f"{show(arg)} is neither in the question nor an earlier result"
        self._pool.append(claim.result)
        self._last = claim.result
        return None

    def end(self) -> Value:
        """Return the last result if it is what the question asks for."""
        return self._last if same_value(self._last, self._target) else None


def literals(claim: Claim) -> list[Value]:
    """Return the arguments of a claim that was read from a line: all of them are literals."""
    return [arg for arg in claim.args if not isinstance(arg, StepRef)]
