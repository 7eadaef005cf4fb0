"""The interpretation table of a stored question: every reading, its answer, and what was done.

The table is stored with the question; where its table of data is at hand, every reading is
evaluated again and compared with what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracemill_datagen.errors import StaleInput
from tracemill_datagen.program.draft import Expression, expression_of
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.interpretation import BOUND, answer_of
from tracemill_datagen.question.stored import SEPARATOR, program_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import judge, show
from tracemill_schema.canonical import short
from tracemill_schema.question import Interpretation, Question

Status = Literal["settled", "stated", "open"]

_DONE: dict[Status, str] = {
    "settled": "all readings agree",
    "stated": "the prompt names what makes a difference",
    "open": "every admissible answer counts",
}


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How a question was settled.

    Attributes:
        status: ``settled``, ``stated`` or ``open``.
        readings: The stored table, the reading that the program renders first.
        left_out: Number of combinations of conventions beyond the bound.
        checked: True if every reading was evaluated again.
        faults: Where what is stored and what was found differ, a sentence each.
    """

    status: Status
    readings: tuple[Interpretation, ...]
    left_out: int
    checked: bool
    faults: tuple[str, ...]


def explain(question: Question, sheet: Sheet | None) -> Explanation:
    """Return a question's interpretation table, evaluated again where its table is given.

    Args:
        question: The stored question.
        sheet: Its table, or None if it is not at hand.

    Raises:
        StaleInput: if the table is not the question's, or no interpretation table is stored.
    """
    if sheet is not None and question.table_id != sheet.digest:
        raise StaleInput(
            where=f"table {sheet.name}",
            wanted=f"table {question.table_id}",
            got=sheet.digest,
            remedy="make the questions again",
        )
    if not question.readings:
        raise StaleInput(
            where=f"question {short(question.id)}",
            wanted="a question with its interpretation table",
            got="one that was made without",
            remedy="make the questions again",
        )
    faults = list(_answer_faults(question))
    if sheet is not None:
        faults += _value_faults(question, sheet)
    return Explanation(
        status=status_of(question),
        readings=question.readings,
        left_out=question.readings_left_out,
        checked=sheet is not None,
        faults=tuple(faults),
    )


def status_of(question: Question) -> Status:
    """Tell how a question was settled: by all readings agreeing, by its text, or not at all."""
    if len(question.answers) > 1:
        return "open"
    spec, gold = question.answer_spec, question.answers[0].value
    agree = all(
        reading.why_none is None and judge(spec, gold, reading.value).correct
        for reading in question.readings
    )
    return "settled" if agree else "stated"


def lines_of(question: Question, explanation: Explanation) -> Iterator[str]:
    """Yield what ``tracemill question explain`` prints."""
    yield question.prompt
    yield ""
    yield f"{explanation.status}: {_DONE[explanation.status]}"
    yield ""
    names = [SEPARATOR.join(reading.conventions) for reading in explanation.readings]
    width = max(len("reading"), *(len(name) for name in names))
    yield f"  {'reading':{width}}  {'text':10}  answer"
    for name, reading in zip(names, explanation.readings, strict=True):
        yield f"  {name:{width}}  {reading.status:10}  {_shown(reading)}"
    yield ""
    if explanation.left_out:
        yield (
            f"{explanation.left_out} more combinations of conventions lie beyond the bound of "
            f"{BOUND} and were not evaluated"
        )
    if explanation.checked and not explanation.faults:
        yield f"evaluated again: {len(names)} of {len(names)} as stored"
    if not explanation.checked:
        yield "as stored; not evaluated again, as the table is not at hand (give it with --tables)"
    for fault in explanation.faults:
        yield f"fault: {fault}"


def _shown(reading: Interpretation) -> str:
    return show(reading.value) if reading.why_none is None else f"none ({reading.why_none})"


def _answer_faults(question: Question) -> Iterator[str]:
    """Compare the answers with the readings that the prompt does not rule out."""
    spec = question.answer_spec
    golds = [answer.value for answer in question.answers]
    counted = [reading for reading in question.readings if reading.status != "excluded"]
    for reading in counted:
        if not any(judge(spec, gold, reading.value).correct for gold in golds):
            name = SEPARATOR.join(reading.conventions)
            yield f"reading {name}: its answer {_shown(reading)} is not among the answers"
    for gold in golds:
        if not any(judge(spec, gold, reading.value).correct for reading in counted):
            yield f"answer {show(gold)}: no reading that counts gives it"


def _value_faults(question: Question, sheet: Sheet) -> Iterator[str]:
    """Evaluate every reading again and compare it with what is stored."""
    if question.program is None:
        yield "no program is stored, so no reading can be evaluated"
        return
    main = expression_of(question.program)
    with Bench(sheet) as bench:
        for reading in question.readings:
            yield from _reading_fault(question, reading, main, bench)


def _reading_fault(
    question: Question, reading: Interpretation, main: Expression, bench: Bench
) -> Iterator[str]:
    name = SEPARATOR.join(reading.conventions)
    expression = program_of(reading, main)
    if expression is None:
        yield f"reading {name}: this version knows no program for it"
        return
    value, why = answer_of(expression, bench, question.answer_spec.decimals)
    if bool(why) != (reading.why_none is not None) or (
        not why and not judge(question.answer_spec, reading.value, value).correct
    ):
        found = f"none ({why})" if why else show(value)
        yield f"reading {name}: stored {_shown(reading)}, found {found}"
