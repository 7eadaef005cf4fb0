"""An independent check of stored questions: is any convention that matters left unsaid?

It shares the catalogue with ``settle`` and nothing of how a question was settled: it takes the
stored program and the stored prompt, turns the program to every option of every convention that
concerns it, one at a time, and compares the answers. What differs must be stated in the prompt or
stand among the answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tracemill_datagen.convention.axis import Convention, Option
from tracemill_datagen.convention.catalogue import CONVENTIONS
from tracemill_datagen.convention.said import plain_words, says
from tracemill_datagen.errors import Rejected, StaleInput
from tracemill_datagen.program.datum import Cells, Groups, Rows
from tracemill_datagen.program.draft import Expression, expression_of
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import judge, near_rounding_edge, rounded, show
from tracemill_schema.canonical import Value, short
from tracemill_schema.question import Question

Judgement = Literal["agree", "stated", "open", "undeclared"]
JUDGEMENTS: tuple[Judgement, ...] = ("agree", "stated", "open", "undeclared")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one convention does to one question.

    Attributes:
        axis: The convention.
        judgement: ``agree`` if every option gives the same answer; ``stated`` if the prompt names
            the option taken; ``open`` if all other options' answers count; else ``undeclared``.
        detail: For ``undeclared``: which option gives which answer.
    """

    axis: str
    judgement: Judgement
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class AmbiguityReport:
    """Totals over questions.

    Attributes:
        questions: How many were checked.
        axes: Axis -> judgement -> number of questions.
        faults: A sentence for each undeclared convention.
        left_out: Number of readings beyond the bound, over all questions.
    """

    questions: int
    axes: Mapping[str, Mapping[Judgement, int]]
    faults: tuple[str, ...]
    left_out: int


@dataclass
class _Totals:
    questions: int = 0
    left_out: int = 0
    axes: dict[str, Counter[Judgement]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def ambiguity_report(questions: Iterable[Question], tables: Mapping[str, Sheet]) -> AmbiguityReport:
    """Check questions.

    Args:
        questions: Questions about tables; one without a program is a fault.
        tables: Digest -> table.

    Raises:
        StaleInput: if a question's table is not among them.
    """
    totals = _Totals()
    interpreters: dict[str, Interpreter] = {}
    for question in questions:
        sheet = _table_of(question, tables)
        interpreter = interpreters.setdefault(sheet.digest, Interpreter(sheet))
        totals.questions += 1
        totals.left_out += question.readings_left_out
        for finding in findings(question, sheet, interpreter):
            totals.axes.setdefault(finding.axis, Counter())[finding.judgement] += 1
            if finding.judgement == "undeclared":
                where = f"question {short(question.id)} about {sheet.name}"
                totals.faults.append(f"{where}: {finding.detail}")
    return AmbiguityReport(
        questions=totals.questions,
        axes={
            c.axis: {judgement: totals.axes[c.axis][judgement] for judgement in JUDGEMENTS}
            for c in CONVENTIONS
            if c.axis in totals.axes
        },
        faults=tuple(totals.faults),
        left_out=totals.left_out,
    )


def findings(question: Question, sheet: Sheet, interpreter: Interpreter) -> Iterator[Finding]:
    """Yield what each convention that concerns a question does to it.

    Args:
        question: A stored question.
        sheet: Its table.
        interpreter: The gold engine on that table.
    """
    if question.program is None:
        yield Finding(axis="program", judgement="undeclared", detail="no program is stored")
        return
    program = expression_of(question.program)
    plain = plain_words(question.prompt, program, sheet)
    for convention in CONVENTIONS:
        taken = convention.options_in(program, sheet)
        if taken:
            asked = _Asked(question=question, program=program, plain=plain)
            yield _finding(convention, taken, asked, interpreter)


def report_lines(report: AmbiguityReport) -> Iterator[str]:
    """Yield the report as text: a line for each axis, then the faults."""
    yield f"{report.questions} questions, {len(report.faults)} undeclared conventions"
    yield f"  {'convention':14}" + "".join(f"{judgement:>12}" for judgement in JUDGEMENTS)
    for axis, counts in report.axes.items():
        yield f"  {axis:14}" + "".join(f"{counts[judgement]:>12}" for judgement in JUDGEMENTS)
    if report.left_out:
        yield f"  {report.left_out} combinations of conventions beyond the bound"
    for fault in report.faults:
        yield f"fault: {fault}"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A question with its program, and its prompt without names and literals."""

    question: Question
    program: Expression
    plain: str


def _finding(
    convention: Convention, taken: tuple[Option, ...], asked: _Asked, interpreter: Interpreter
) -> Finding:
    question, program = asked.question, asked.program
    differing: list[tuple[Option, Value, str]] = []
    for option in convention.options:
        if option.is_denied(asked.plain):
            continue
        turned = convention.rewritten(program, option)
        if turned.canonical == program.canonical:
            continue
        value, why = _answer(turned, interpreter, question.answer_spec.decimals)
        gold = question.answers[0].value
        if why in convention.idle:
            continue
        if why or not judge(question.answer_spec, gold, value).correct:
            differing.append((option, value, why))
    if not differing:
        return Finding(axis=convention.axis, judgement="agree")
    if all(says(question.prompt, option, asked.plain) for option in taken):
        return Finding(axis=convention.axis, judgement="stated")
    uncounted = [
        f"{option.name} gives {why or show(value)}"
        for option, value, why in differing
        if why or not _counts(question, value)
    ]
    if not uncounted:
        return Finding(axis=convention.axis, judgement="open")
    own = " and ".join(option.name for option in taken)
    detail = f"undeclared convention {convention.axis}: not {own} but {'; '.join(uncounted)}"
    return Finding(axis=convention.axis, judgement="undeclared", detail=detail)


def _counts(question: Question, value: Value) -> bool:
    answers = (answer.value for answer in question.answers)
    return any(judge(question.answer_spec, gold, value).correct for gold in answers)


def _answer(
    expression: Expression, interpreter: Interpreter, decimals: int | None
) -> tuple[Value, str]:
    """Return a program's rounded answer, or None and why it has none at that precision."""
    try:
        gold = interpreter.value(expression)
    except Rejected as rejection:
        return None, rejection.reason
    if isinstance(gold, Rows | Cells | Groups):
        return None, "no_answer"
    if isinstance(gold, float):
        near = near_rounding_edge(gold, decimals or 0)
        return (None, "near_rounding_edge") if near else (rounded(gold, decimals or 0), "")
    return (list(gold) if isinstance(gold, tuple) else gold), ""


def _table_of(question: Question, tables: Mapping[str, Sheet]) -> Sheet:
    sheet = tables.get(question.table_id or "")
    if sheet is None:
        raise StaleInput(
            where=f"question {short(question.id)}",
            wanted=f"table {question.table_id}",
            got="none of that digest",
            remedy="give the tables that the questions were made from",
        )
    return sheet
