"""What a reasoning family is.

A family draws parameters, words a question, works it out in steps that each carry a claim, and
reads a line that anybody wrote back to a claim. To add one, copy the smallest
(``unit_cost.py``), its test, and add it to ``catalogue.py``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Generic, TypeVar

from tracemill_datagen.family.chain import Chain
from tracemill_datagen.family.draws import Draws
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim, StepRef
from tracemill_schema.record import Record

P = TypeVar("P", bound=Record)


@dataclass(frozen=True, kw_only=True)
class WorkedStep:
    """One step as the family itself writes it: its text and the claim ``op(args) == result``."""

    kind: str
    text: str
    op: str
    args: tuple[StepRef | Value, ...]
    result: Value


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The steps of one question and the answer that they end in."""

    steps: tuple[WorkedStep, ...]
    answer: Value


class Family(ABC, Generic[P]):
    """One kind of task; ``P`` is the record of its parameters."""

    name: ClassVar[str]
    """Name in files and on the command line."""
    summary: ClassVar[str]
    """One sentence for people."""
    space: ClassVar[int]
    """Number of distinct questions, wording not counted; a larger count is refused."""
    spec: ClassVar[AnswerSpec]
    """What counts as correct."""
    parameters: type[P]
    """The record of the parameters, for reading them back from a question."""

    @abstractmethod
    def draw(self, draws: Draws) -> P:
        """Draw the parameters of one question."""

    @abstractmethod
    def wordings(self, parameters: P) -> tuple[str, ...]:
        """Return the prompts that ask this question; one of them is drawn."""

    @abstractmethod
    def mechanical(self, parameters: P) -> str:
        """Return the exact statement of the question."""

    @abstractmethod
    def group(self, parameters: P) -> str:
        """Return what near duplicates share: questions of one group stay in one split."""

    @abstractmethod
    def solve(self, parameters: P) -> Solution:
        """Work the question out."""

    @abstractmethod
    def parse_step(self, line: str) -> Claim | None:
        """Read a line, in this or another wording, back to a claim with literal arguments.

        Returns None for a line that is not a step of this family.
        """

    @abstractmethod
    def start(self, parameters: P) -> Chain:
        """Return the checker of one chain of steps, at its start."""


@cache
def result_of(step: int) -> StepRef:
    """Return the reference to an earlier step's result; they are few and shared."""
    return StepRef(step=step)


def difficulty(steps: Sequence[WorkedStep]) -> float:
    """Return the measured difficulty: operands that are read, over all steps."""
    return float(sum(len(a) if isinstance(a, list) else 1 for step in steps for a in step.args))
