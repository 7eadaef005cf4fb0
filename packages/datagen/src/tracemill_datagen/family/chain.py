"""How a chain of steps is followed.

A true step is not enough: its operands must come from the question or from earlier steps, the
chain must end in the answer, and each step must be needed: it gives something new, which a later
step uses. Families whose steps have a fixed order bring their own chain;
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

    def unused(self) -> int | None:
        """Return the first step that the answer did not need, or None; ask when it is shown.

        Where every step has its place in a fixed order there is no such step.
        """
        return None


class Results:
    """What the steps gave, one result each, and which of them a later step used."""

    def __init__(self) -> None:
        self._values: list[Value] = []
        self._used: list[bool] = []

    def __contains__(self, value: Value) -> bool:
        return any(same_value(value, known) for known in self._values)

    def add(self, value: Value) -> None:
        """Add the result of the next step."""
        self._values.append(value)
        self._used.append(False)

    def use(self, args: Sequence[Value]) -> None:
        """Mark the results that a step starts from; what is not one of them is passed over."""
        for i, known in enumerate(self._values):
            self._used[i] = self._used[i] or any(same_value(arg, known) for arg in args)

    def unused(self) -> int | None:
        """Return the first step, the last one left out, whose result was not used; or None."""
        return next((i for i, used in enumerate(self._used[:-1]) if not used), None)


class OperandPool(Chain):
    """Operands are the question's values, the given constants and the earlier results.

    A result may equal a value of the question (35 % of 100), but no earlier result.
    """

    def __init__(self, *, values: Sequence[Value], ops: Sequence[str], target: Value) -> None:
        self._given = tuple(values)
        self._results = Results()
        self._ops = tuple(ops)
        self._target = target
        self._last: Value = None

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``."""
        if claim.op not in self._ops:
            return f"{claim.op} is not a step of this family"
        for arg in literals(claim):
            given = any(same_value(arg, known) for known in self._given)
            if not given and arg not in self._results:
                return f"{show(arg)} is neither in the question nor an earlier result"
        if claim.result in self._results:
            return f"repeats an earlier result, {show(claim.result)}"
        self._results.use(literals(claim))
        self._results.add(claim.result)
        self._last = claim.result
        return None

    def end(self) -> Value:
        """Return the last result if it is what the question asks for."""
        return self._last if same_value(self._last, self._target) else None

    def unused(self) -> int | None:
        """Follow ``Chain.unused``."""
        return self._results.unused()


def literals(claim: Claim) -> list[Value]:
    """Return the arguments of a claim that was read from a line: all of them are literals."""
    return [arg for arg in claim.args if not isinstance(arg, StepRef)]
