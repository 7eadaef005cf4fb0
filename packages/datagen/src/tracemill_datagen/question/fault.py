"""What does not hold of stored questions, and what of it is told once for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tracemill_schema.canonical import short

OF_TABLES = frozenset({"table_changed", "table_missing"})
"""Kinds of faults that all questions of a table share."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that does not hold.

    Attributes:
        path: The file.
        line: Its line, from 1.
        question: The question's id, or nothing if the line holds none or the fault is a table's.
        kind: See the heads of ``question/validate.py`` and ``question/proof.py``.
        wanted: What should stand there.
        got: What stands there.
        concerns: Questions for which it is told; more than 1 only for a table.
    """

    path: Path
    line: int
    question: str
    kind: str
    wanted: str
    got: str
    concerns: int = 1

    def __str__(self) -> str:
        named = f" question {short(self.question)}" if self.question else ""
        return f"{self.path}:{self.line}:{named} {self.kind}: wanted {self.wanted}, got {self.got}"


def told_once(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Merge the faults of one table into the first of them; the others stand as they are."""
    tables: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        if fault.kind in OF_TABLES:
            tables.setdefault(_table_of(fault), []).append(fault)
    told: list[Fault] = []
    for fault in faults:
        same = tables.get(_table_of(fault), [fault])
        if fault.kind not in OF_TABLES:
            told.append(fault)
        elif same[0] is fault:
            told.append(_merged(same))
    return tuple(told)


def _table_of(fault: Fault) -> tuple[str, str, str]:
    return fault.kind, fault.wanted, fault.got


def _merged(faults: Sequence[Fault]) -> Fault:
    count, files = len(faults), len({fault.path for fault in faults})
    questions = f"{count} questions" if count > 1 else "1 question"
    where = f" in {files} files" if files > 1 else ""
    made = f"which {questions}{where} {'were' if count > 1 else 'was'} made from"
    return replace(
        faults[0], question="", wanted=f"{faults[0].wanted}, {made}", concerns=len(faults)
    )
