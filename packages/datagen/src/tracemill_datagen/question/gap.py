"""What has few questions, and why: of families, operators, kinds of answer and difficulties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import get_args

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import bindings_of
from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.question.tally import Tally, band_of
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import AnswerSpec

DRAWS = 8
"""Items of a family that are drawn of each table to learn why it has few questions."""

SHOWN = 3
"""Reasons that are told."""

NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that has few questions: what it is of, its name, how many there are, and why."""

    of: str
    name: str
    questions: int
    why: str


def gaps(
    counted: Tally,
    sheets: Sequence[Sheet],
    *,
    few: int,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Gap, ...]:
    """Return what has fewer than ``few`` questions.

    Args:
        counted: The questions that there are.
        sheets: The tables that they are, or should be, about.
        few: The number from which on something has enough.
        tell: Called with (tables drawn of, tables in all).
    """
    families = counted.by["family"]
    lacking = [template for template in TEMPLATES if families.get(template.name, 0) < few]
    reasons = _reasons(lacking, sheets, tell)
    found = [
        Gap(
            of="family",
            name=template.name,
            questions=families.get(template.name, 0),
            why=_why(reasons[template.name], len(sheets)),
        )
        for template in lacking
    ]
    return (*found, *_operators(counted, sheets, few), *_others(counted, few))


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """What the items of one family gave: tables that lack its columns, that gave some, reasons."""

    without: int
    giving: int
    rejected: Counter[str]


def _reasons(
    lacking: Sequence[Template], sheets: Sequence[Sheet], tell: Callable[[int, int], None]
) -> dict[str, _Drawn]:
    without: Counter[str] = Counter()
    giving: Counter[str] = Counter()
    rejected: dict[str, Counter[str]] = {template.name: Counter() for template in lacking}
    for index, sheet in enumerate(sheets if lacking else ()):
        with ExitStack() as stack:
            bench = stack.enter_context(Bench(sheet))
            for template in lacking:
                outcome = _outcomes(template, bench)
                kept = outcome.pop("", 0)
                giving[template.name] += kept > 0
                without[template.name] += outcome.keys() == {NOT_APPLICABLE} and not kept
                rejected[template.name].update(outcome)
        tell(index + 1, len(sheets))
    return {
        name: _Drawn(without=without[name], giving=giving[name], rejected=reasons)
        for name, reasons in rejected.items()
    }


def _outcomes(template: Template, bench: Bench) -> Counter[str]:
    """Draw a family's items of one table; return reasons, and under no name what settled."""
    found: Counter[str] = Counter()
    for item in range(DRAWS):
        rng = item_rng(0, template.name, bench.sheet.digest, item)
        try:
            proposal = template.propose(bench.sheet, bench.roles, rng)
            settle(proposal, bench, source="template", family=template.name, seed=0)
        except Rejected as rejection:
            found[rejection.reason] += 1
        else:
            found[""] += 1
    return found


def _why(drawn: _Drawn, tables: int) -> str:
    if drawn.without == tables:
        return f"none of {tables} tables has the columns for it"
    parts = [f"{drawn.giving} of {tables} tables give some: ask for more"] if drawn.giving else []
    if drawn.without:
        parts.append(f"{drawn.without} of {tables} lack the columns")
    others = Counter({r: n for r, n in drawn.rejected.items() if r != NOT_APPLICABLE})
    if others:
        told = ", ".join(f"{reason} {times}" for reason, times in others.most_common(SHOWN))
        parts.append(f"not kept: {told}")
    return "; ".join(parts)


def _operators(counted: Tally, sheets: Sequence[Sheet], few: int) -> Iterator[Gap]:
    roles = [roles_of(sheet) for sheet in sheets]
    for operator in OPERATORS:
        number = counted.by["operator"].get(operator.name, 0)
        if number < few:
            fitting = sum(bool(bindings_of(operator, each)) for each in roles)
            why = f"{fitting} of {len(roles)} tables have the columns for it"
            yield Gap(of="operator", name=operator.name, questions=number, why=why)


def _others(counted: Tally, few: int) -> Iterator[Gap]:
    for kind in get_args(AnswerSpec.model_fields["kind"].annotation):
        number = counted.by["answer"].get(str(kind), 0)
        if number < few:
            why = "no family or program that was asked answers so"
            yield Gap(of="answer", name=str(kind), questions=number, why=why)
    bands = counted.by["difficulty"]
    if not bands:
        return
    highest = max(int(band[:2]) for band in bands)
    for low in range(0, highest + 1, 2):
        number = bands.get(band_of(low), 0)
        if number < few:
            why = "few programs of this size are kept" if number else "no program of this size"
            yield Gap(of="difficulty", name=band_of(low), questions=number, why=why)
