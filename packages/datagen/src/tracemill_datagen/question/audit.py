"""The third engine: the rendered pandas solutions, run in the sandbox and judged.

The interpreter and sqlite confirmed every question when it was made. Here the text that a solver
is shown is run, in batches, and its answer is judged against the question's first one, which is
the answer of the program that was rendered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracemill_datagen.episode.hook import ANSWER
from tracemill_datagen.episode.run import LIMITS, libraries_of
from tracemill_datagen.errors import StaleInput
from tracemill_datagen.program.engine.source import files_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_schema.answer import judge, show
from tracemill_schema.canonical import short
from tracemill_schema.question import Question

PER_FORK = 64
"""Solutions a process runs one after the other: a fork and a table read cost more than most."""


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A solution that did not give the stored answer.

    Attributes:
        question: Id of the question.
        table: Name of its table.
        operator: The program's last operator, whose value is the answer.
        operators: All operators of the program, in order.
        stored: The stored answer, as text.
        found: The solution's answer as text, or how it failed.
    """

    question: str
    table: str
    operator: str
    operators: tuple[str, ...]
    stored: str
    found: str


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """What an audit found.

    Attributes:
        questions: Number of solutions that were run.
        operators: Operator -> number of audited questions whose programs use it.
        disagreements: All that did not give the stored answer.
    """

    questions: int
    operators: Mapping[str, int]
    disagreements: tuple[Disagreement, ...]

    @property
    def by_operator(self) -> Mapping[str, int]:
        """Operator -> number of disagreements of programs that end in it, most first."""
        return dict(Counter(item.operator for item in self.disagreements).most_common())


def audit(
    questions: Iterable[Question], tables: Mapping[str, Sheet], *, workers: int = 1
) -> AuditReport:
    """Run the solutions of questions in the sandbox and judge their answers.

    Args:
        questions: Questions about tables, each with a program and its source.
        tables: Digest -> table.
        workers: Processes that run solutions side by side.

    Raises:
        StaleInput: if a question's table is not among them.
        SandboxError: if the pool cannot run anything.
    """
    kept = sorted(questions, key=lambda question: question.table_id or "")
    libraries = libraries_of(map(_source, kept))
    disagreements: list[Disagreement] = []
    with SyncSandboxPool(workers=workers, libraries=libraries) as pool:
        for digest, group in groupby(kept, key=lambda question: question.table_id or ""):
            asked = list(group)
            disagreements += _audited(pool, asked, _table(digest, asked[0], tables))
    used = Counter(name for question in kept for name in set(_operators(question)))
    return AuditReport(
        questions=len(kept),
        operators=dict(sorted(used.items())),
        disagreements=tuple(disagreements),
    )


def report_lines(report: AuditReport) -> Iterator[str]:
    """Yield the report as text: totals, then the disagreements by operator."""
    yield (
        f"{report.questions} solutions run, {len(report.operators)} operators, "
        f"{len(report.disagreements)} disagreements"
    )
    for operator, number in report.by_operator.items():
        yield f"  {operator:24} {number:6}"
        for item in report.disagreements:
            if item.operator == operator:
                yield (
                    f"    question {short(item.question)} about {item.table}: "
                    f"stored {item.stored}, found {item.found}"
                )


def _audited(
    pool: SyncSandboxPool, questions: Sequence[Question], sheet: Sheet
) -> Iterator[Disagreement]:
    results = pool.submit_many(
        [_source(question) for question in questions],
        files=files_of(sheet),
        limits=LIMITS,
        outputs=(ANSWER,),
        per_fork=PER_FORK,
    )
    for question, result in zip(questions, results, strict=True):
        stored = question.answers[0].value
        fault = _fault(question, result)
        if not fault:
            continue
        operators = _operators(question)
        yield Disagreement(
            question=question.id,
            table=sheet.name,
            operator=operators[-1] if operators else "none",
            operators=operators,
            stored=show(stored),
            found=fault,
        )


def _fault(question: Question, result: RunResult) -> str:
    """Return what a solution gave instead of the stored answer; empty if it gave that."""
    if not _source(question):
        return "no solution is stored"
    if not result.ok:
        last = result.claims.stderr.strip().splitlines()[-1:]
        return f"{result.status}: {' '.join(last) or result.reason}"
    binding = result.claims.outputs.get(ANSWER)
    if binding is None or binding.coverage != "whole":
        return f"no answer: {binding.value if binding else 'it was never bound'}"
    correct = judge(question.answer_spec, question.answers[0].value, binding.value).correct
    return "" if correct else show(binding.value)


def _source(question: Question) -> str:
    return (question.program.source or "") if question.program is not None else ""


def _operators(question: Question) -> tuple[str, ...]:
    return tuple(node.op for node in question.program.nodes) if question.program else ()


def _table(digest: str, first: Question, tables: Mapping[str, Sheet]) -> Sheet:
    sheet = tables.get(digest)
    if sheet is None:
        raise StaleInput(
            where=f"question {short(first.id)}",
            wanted=f"table {digest or 'none'}",
            got="none of that digest",
            remedy="give the tables that the questions were made from",
        )
    return sheet
