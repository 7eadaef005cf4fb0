"""What a convention is: an axis, its options, and how a program is turned from one to another.

A *convention* is a choice that a question in plain words leaves to its reader. A program has made
it: in a literal (``ddof``), in the choice of an operator (``correlation``), or in the rows that it
reads. ``options_in`` says which options a program has taken, ``rewritten`` gives the same program
under another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tracemill_datagen.program.draft import Expression
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import Value


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way to settle an axis.

    Attributes:
        name: Its name in readings, answers and reports, for instance ``ddof=1``; no two options of
            the catalogue have the same.
        statement: The sentence that states it in a prompt; ``{column}`` and the like are filled in.
        says: Pattern of all words that state it, the statement's own included; matched without
            regard to case against the prompt without its column names and literals.
        parameters: The literals that stand in the statement.
        denied: Pattern of words that rule it out without naming another option, as "t-test" rules
            out a rank test; none if empty.
    """

    name: str
    statement: str
    says: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    denied: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled ``says``."""
        return re.compile(self.says, re.IGNORECASE)

    def is_denied(self, plain: str) -> bool:
        """Tell whether a text without names and literals rules it out."""
        return bool(self.denied) and re.search(self.denied, plain, re.IGNORECASE) is not None


Taken = Callable[[Expression, Sheet], frozenset[str]]
"""(program, table) -> names of the options that it has taken; none if the axis does not concern it.
"""

Turned = Callable[[Expression, str], Expression]
"""(program, name of an option) -> the same program under that option; itself if it has none."""


@dataclass(frozen=True, kw_only=True)
class Convention:
    """One axis of the catalogue.

    Attributes:
        axis: Its name in reports, for instance ``ddof``.
        about: What is left to the reader, in a sentence.
        options: The ways to settle it, the most usual first.
        concerns: Operators and parameters that it concerns, in words for the page of the catalogue.
        axis_of: Which options a program has taken, and how it is rewritten; None where a family
            alone can do it, as it drew the columns, or where ``guard`` keeps such questions away.
        guard: Name of the rejection that keeps every question away on which the options would
            differ; empty if there is none.
        idle: Names of rejections of a rewritten program that mean: it is the same program here.
    """

    axis: str
    about: str
    options: tuple[Option, ...]
    concerns: str
    axis_of: tuple[Taken, Turned] | None = None
    guard: str = ""
    idle: frozenset[str] = frozenset()

    def options_in(self, expression: Expression, sheet: Sheet) -> tuple[Option, ...]:
        """Return the options that a program has taken, in the catalogue's order."""
        if self.axis_of is None:
            return ()
        names = self.axis_of[0](expression, sheet)
        if not names:
            return ()
        return tuple(option for option in self.options if option.name in names)

    def rewritten(self, expression: Expression, option: Option) -> Expression:
        """Return a program under an option; the same if it cannot be rewritten to it."""
        return expression if self.axis_of is None else self.axis_of[1](expression, option.name)
