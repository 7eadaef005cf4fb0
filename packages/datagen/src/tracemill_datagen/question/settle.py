"""From a proposal to a question with all its admissible answers, or a named rejection.

Every reading is evaluated by both engines. If all give the same answer at the asked precision the
question is *settled*; else the prompt *states* the first reading, or the question is *open* and
stores every reading's answer, by the family's policy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.ablation import check_columns, check_groups, check_selections
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.source import source_of
from tracemill_datagen.question.bench import Bench, decimals_for, shown
from tracemill_datagen.question.prompt import prompt_of, spec_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import AnswerSpec, judge
from tracemill_schema.canonical import SHORT, Value, content_id
from tracemill_schema.program import Program
from tracemill_schema.question import AdmissibleAnswer, Question, Source


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """A reading with its answer; ``answer`` is None and ``why`` says so if it has none."""

    reading: Reading
    answer: Value
    why: str


def settle(proposal: Proposal, bench: Bench, *, source: Source, family: str, seed: int) -> Question:
    """Settle a proposal.

    Args:
        proposal: What a family proposes.
        bench: Both engines on the table.
        source: Question source.
        family: Template name or grammar shape.
        seed: The seed that the whole batch was asked with.

    Raises:
        Rejected: with the reason, if the question cannot be settled.
    """
    main = proposal.readings[0]
    gold = bench.interpreter.value(main.expression)
    decimals = decimals_for(gold)
    spec = spec_of(main.expression, bench.sheet, gold, decimals)
    _guard(main.expression, bench, decimals)
    reckoned = reckon(proposal, bench, decimals)
    stated = proposal.policy == "stated" and not _agreed(spec, reckoned)
    answers = _answers(proposal, spec, reckoned)
    return Question.make(
        source=source,
        family=family,
        table_id=bench.sheet.digest,
        prompt=prompt_of(
            proposal.sentence,
            main.expression,
            bench.sheet,
            statement=main.statement if stated else "",
            spec=spec,
        ),
        mechanical=_mechanical(main, bench.sheet, decimals, answers),
        parameters={**proposal.parameters, **(main.parameters if stated else {})},
        program=_program(main.expression, bench.sheet, gold, decimals),
        answer_spec=spec,
        answers=answers,
        difficulty=difficulty(main.expression, bench.sheet),
        n_steps=len(main.expression.parts()),
        seed=seed,
        split_group=split_group(main.expression, bench.sheet),
    )


def reckon(proposal: Proposal, bench: Bench, decimals: int | None) -> tuple[Reckoned, ...]:
    """Evaluate every reading; the first and, in an open question, each must have an answer.

    Raises:
        Rejected: if one that must have an answer has none, or if engines disagree on any.
    """
    results: list[Reckoned] = []
    for reading in proposal.readings:
        try:
            answer = bench.confirmed(reading.expression, decimals)
            results.append(Reckoned(reading=reading, answer=answer, why=""))
        except Rejected as rejection:
            needed = not results or proposal.policy == "open"
            if needed or rejection.reason == "engines_disagree":
                raise
            results.append(Reckoned(reading=reading, answer=None, why=str(rejection)))
    return tuple(results)


def difficulty(expression: Expression, sheet: Sheet) -> float:
    """Measure a program: operators plus the decimal logarithm of the cells that they read."""
    parts = [part for part in expression.parts() if part.op != "table"]
    cells = sheet.rows * max(1, len(expression.columns))
    return round(len(parts) + math.log10(1 + cells), 3)


def split_group(expression: Expression, sheet: Sheet) -> str:
    """Name the group of a table's questions of one skeleton.

    They differ only in literals, the order of filters, or the order of correlated columns.
    """
    return f"{sheet.name}:{content_id([sheet.digest, expression.skeleton])[:SHORT]}"


def _guard(expression: Expression, bench: Bench, decimals: int | None) -> None:
    def same(left: Datum, right: Datum) -> bool:
        return shown(left, decimals) == shown(right, decimals)

    check_columns(expression)
    check_groups(expression, bench.interpreter)
    check_selections(expression, bench.interpreter, same)


def _agreed(spec: AnswerSpec, reckoned: tuple[Reckoned, ...]) -> bool:
    first = reckoned[0].answer
    return all(not r.why and judge(spec, first, r.answer).correct for r in reckoned)


def _answers(
    proposal: Proposal, spec: AnswerSpec, reckoned: tuple[Reckoned, ...]
) -> tuple[AdmissibleAnswer, ...]:
    if proposal.policy == "stated" and not _agreed(spec, reckoned):
        reckoned = reckoned[:1]
    merged: list[tuple[Value, list[str]]] = []
    for result in reckoned:
        for value, names in merged:
            if judge(spec, value, result.answer).correct:
                names.append(result.reading.name)
                break
        else:
            merged.append((result.answer, [result.reading.name]))
    return tuple(AdmissibleAnswer(value=v, interpretation=" or ".join(n)) for v, n in merged)


def _mechanical(
    main: Reading, sheet: Sheet, decimals: int | None, answers: tuple[AdmissibleAnswer, ...]
) -> str:
    precision = "" if decimals is None else f" rounded to {decimals}"
    readings = " | ".join(answer.interpretation for answer in answers)
    return f"{main.expression.canonical} on {sheet.name}{precision} [{readings}]"


def _program(expression: Expression, sheet: Sheet, gold: Datum, decimals: int | None) -> Program:
    nodes = expression.nodes()
    return Program(
        nodes=nodes,
        result=len(nodes) - 1,
        canonical=expression.canonical,
        source=source_of(expression, sheet, value=gold, decimals=decimals),
    )
