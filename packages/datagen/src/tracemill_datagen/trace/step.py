"""Steps of a trace: one per hook, in words, with a claim that replays.

A step reads ``NAME: WORDS = VALUE``, the answer's step with the unit after the value. Its claim is
the calculation of the line over the results of earlier steps where that replays; a calculation of
several operations gets a step ``NAME.1``, ``NAME.2`` ... before it for each inner one. Every other
step quotes the value, and the hook of the episode is the proof.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import orjson

from tracemill_datagen.episode.arithmetic import Calculation, Named, Operand, calculation
from tracemill_datagen.episode.hook import ANSWER, table_size
from tracemill_datagen.program.engine.line import assignments
from tracemill_datagen.solver.words import SIGN_OF, in_words
from tracemill_schema.canonical import Value
from tracemill_schema.claim import OPERATORS, Claim, StepRef, check_claim
from tracemill_schema.episode import Hook
from tracemill_schema.trace import Step

MAX_SHOWN = 200
"""Characters of a value in a step's text, and tables only by their size: a model is to learn the
steps, not to recite rows. The claim holds the value as the hook does."""


def steps_of(hooks: Sequence[Hook], *, unit: str | None) -> tuple[Step, ...]:
    """Return the steps that hooks prove, in the order of execution.

    Args:
        hooks: Hooks of the turn that gave the answer.
        unit: Unit of the answer, or None.

    Raises:
        ValueError: if a hook's line is not one assignment (such a hook is not grounded).
    """
    sheet = _Sheet()
    for hook in hooks:
        expression = expression_of(hook)
        claim = sheet.calculate(hook, expression)
        sheet.write(_kind(hook, expression), _content(hook, expression, unit), claim)
        sheet.bound_at[hook.name] = len(sheet.steps) - 1
    return tuple(sheet.steps)


def expression_of(hook: Hook) -> ast.expr:
    """Return what the hook's line computes.

    Raises:
        ValueError: if the line is not one assignment.
    """
    lines = assignments(hook.code_line)
    if len(lines) != 1:
        raise ValueError(f"{hook.code_line!r} is not an assignment")
    return lines[0].value


class _Cannot(Exception):
    """The line is no calculation over earlier steps, or does not replay exactly."""


class _Sheet:
    """The steps written so far, their results, and which step bound which name."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.results: dict[int, Value] = {}
        self.bound_at: dict[str, int] = {}

    def write(self, kind: str, content: str, claim: Claim) -> StepRef:
        """Add a step and return a reference to its result."""
        step = StepRef(step=len(self.steps))
        self.steps.append(Step(i=step.step, type=kind, content=content, claim=claim))
        self.results[step.step] = claim.result
        return step

    def calculate(self, hook: Hook, expression: ast.expr) -> Claim:
        """Return the claim of a hook, after writing the steps of its inner calculations."""
        formula = calculation(expression)
        before = len(self.steps)
        if formula is not None and hook.coverage == "whole":
            try:
                args = tuple(self._argument(operand, hook.name) for operand in formula.operands)
                return self._checked(formula.operation, args, hook.value)
            except _Cannot:
                self._take_back(before)
        return Claim(op="quote", args=(hook.value,), result=hook.value)

    def _argument(self, operand: Operand, name: str) -> StepRef | Value:
        if isinstance(operand, Named):
            if operand.name not in self.bound_at:
                raise _Cannot
            return StepRef(step=self.bound_at[operand.name])
        return self._inner(operand, name) if isinstance(operand, Calculation) else operand

    def _inner(self, formula: Calculation, name: str) -> StepRef:
        """Write the step of an inner calculation."""
        args = tuple(self._argument(operand, name) for operand in formula.operands)
        values = [self.results[a.step] if isinstance(a, StepRef) else a for a in args]
        try:
            result = OPERATORS[formula.operation](values)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise _Cannot from error
        claim = self._checked(formula.operation, args, result)
        number = 1 + sum(step.content.startswith(f"{name}.") for step in self.steps)
        said = f" {SIGN_OF[formula.operation]} ".join(map(self._named, args))
        return self.write("compute", f"{name}.{number}: {said} = {_json(result)}", claim)

    def _checked(self, operation: str, args: tuple[StepRef | Value, ...], result: Value) -> Claim:
        claim = Claim(op=operation, args=args, result=result)
        if check_claim(claim, self.results) is not None:
            raise _Cannot
        return claim

    def _named(self, argument: StepRef | Value) -> str:
        if isinstance(argument, StepRef):
            return self.steps[argument.step].content.partition(": ")[0]
        return _json(argument)

    def _take_back(self, count: int) -> None:
        for position in range(count, len(self.steps)):
            del self.results[position]
        del self.steps[count:]


def endings(step: Step, *, unit: str | None) -> tuple[str, ...]:
    """Return how the text of a step may end, given what it claims: `` = VALUE`` and the unit.

    There are two where the value is a text: it may be quoted whole, or sum up a larger value.
    A step without a claim has none.
    """
    if step.claim is None:
        return ()
    value = step.claim.result
    after = _after(step.content.partition(": ")[0], unit)
    shown = (_whole(value), value) if isinstance(value, str) else (_whole(value),)
    return tuple(f" = {text}{after}" for text in shown)


def _content(hook: Hook, expression: ast.expr, unit: str | None) -> str:
    shown = _whole(hook.value) if hook.coverage == "whole" else str(hook.value)
    return f"{hook.name}: {in_words(expression)} = {shown}{_after(hook.name, unit)}"


def _after(name: str, unit: str | None) -> str:
    return f" {unit}" if unit and name == ANSWER else ""


def _whole(value: Value) -> str:
    text = table_size(value) or _json(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _json(value: Value) -> str:
    return orjson.dumps(value).decode()


def _kind(hook: Hook, expression: ast.expr) -> str:
    if hook.name == ANSWER:
        return "conclude"
    names = {node.attr for node in ast.walk(expression) if isinstance(node, ast.Attribute)}
    return "read" if "read_csv" in names else "compute"
