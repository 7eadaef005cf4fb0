"""The interpretation table of a stored question: every reading, its answer, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.program.draft import expression_of
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import proposals
from tracemill_datagen.question.settle import Reckoned, reckon
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import show
from tracemill_schema.canonical import short
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question

SEARCHED = 10_000
"""Questions a table whose proposals are drawn again in search of a stored one."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How a question was settled.

    Attributes:
        status: ``settled`` (all readings agree), ``stated`` or ``open``.
        readings: Each reading with its answer; the first is the one that the program renders.
    """

    status: str
    readings: tuple[Reckoned, ...]


def explain(question: Question, sheet: Sheet, *, searched: int = SEARCHED) -> Explanation:
    """Draw a question's proposal again and evaluate all its readings.

    Args:
        question: The stored question.
        sheet: Its table.
        searched: How large a batch to search for the proposal.

    Raises:
        StaleInput: if the table is not the question's, or the generator no longer proposes it.
    """
    if question.table_id != sheet.digest:
        raise StaleInput(
            where=f"table {sheet.name}",
            wanted=f"table {question.table_id}",
            got=sheet.digest,
            remedy="make the questions again",
        )
    with Bench(sheet) as bench:
        proposal = _proposal(question, bench, searched)
        reckoned = reckon(proposal, bench, question.answer_spec.decimals)
    answers = {show(result.answer) if not result.why else result.why for result in reckoned}
    status = "settled" if len(answers) == 1 else proposal.policy
    return Explanation(status=status, readings=reckoned)


def find(questions: Path, identifier: str) -> Question:
    """Find a stored question by its id or the first digits of it.

    Args:
        questions: A JSONL file, or a folder that is searched.
        identifier: At least 4 hex digits.

    Raises:
        BadRequest: if none or several have it.
    """
    matches = [q for q in read_all(questions) if q.id.startswith(identifier)]
    if len(identifier) < 4 or len(matches) != 1:
        raise BadRequest(
            f"{questions}: wanted one question whose id begins with {identifier!r}, "
            f"got {len(matches)}; give more digits (see: tracemill question show FILE)"
        )
    return matches[0]


def read_all(questions: Path) -> list[Question]:
    """Read all questions of a file, or of the ``*.jsonl`` files below a folder, in order.

    Raises:
        BadRequest: if there is no such file or folder.
        RecordError: if a line is not question.v1.
    """
    if not questions.exists():
        raise BadRequest(f"{questions}: wanted a JSONL file or a folder of them, got nothing")
    paths: Sequence[Path] = (
        sorted(questions.rglob("*.jsonl")) if questions.is_dir() else [questions]
    )
    return [question for path in paths for question in read_records(path, Question)]


def _proposal(question: Question, bench: Bench, searched: int) -> Proposal:
    if question.program is not None:
        wanted = expression_of(question.program).canonical
        for proposal in proposals(bench, question.source, count=searched, seed=question.seed):
            same = proposal.readings[0].expression.canonical == wanted
            if same and proposal.sentence in question.prompt:
                return proposal
    raise StaleInput(
        where=f"question {short(question.id)}",
        wanted="a question that this version proposes",
        got="none of that program",
        remedy="make the questions again",
    )
