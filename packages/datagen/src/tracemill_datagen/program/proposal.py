"""A question before it is settled: its sentence and the readings that it admits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tracemill_datagen.program.draft import Expression
from tracemill_schema.canonical import Value

Policy = Literal["stated", "open"]
"""What to do where the readings disagree: ``stated`` names the first reading in the prompt,
``open`` stores every reading's answer. Where all readings agree the question is settled and says
nothing about them."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to understand the question.

    Attributes:
        name: The convention, for instance ``ddof=1``.
        expression: The program that answers the question so understood.
        statement: The sentence that pins the question to this reading.
        parameters: The convention's literals; they stand in ``statement``.
    """

    name: str
    expression: Expression
    statement: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A question that a family proposes about one table.

    Attributes:
        sentence: The question's clause, for instance ``what is the mean of mpg``; no conventions.
        readings: At least one; the first is the one that ``stated`` names and that is rendered.
        parameters: Every literal of the sentence.
        policy: What to do where the readings disagree.
        checked: True if its maker has made ``check_columns`` and ``check_selections`` of the first
            reading, so that settling need not make them again.
    """

    sentence: str
    readings: tuple[Reading, ...]
    parameters: Mapping[str, Value]
    policy: Policy = "stated"
    checked: bool = False
