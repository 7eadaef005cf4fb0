"""From a proposal to a question with all its admissible answers, or a named rejection.

The family's readings, each evaluated by both engines, are multiplied by the conventions that
concern the program and that its words leave open (``question/interpretation.py``). If all give the
same answer at the asked precision the question is *settled*; else the prompt *states* what makes
the difference, or the question is *open* and stores every reading's answer, by the family's policy.
"""

from __future__ import annotations

import math

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.engine.ablation import check_columns, check_groups, check_selections
from tracemill_datagen.program.engine.source import source_of
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.question.bench import Bench, alike, decimals_for
from tracemill_datagen.question.guard import check_degenerate
from tracemill_datagen.question.interpretation import Interpretations, interpret, same_answer
from tracemill_datagen.question.prompt import empty_cells, prompt_of, spec_of
from tracemill_datagen.question.stored import stored
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import SHORT, Value, content_id
from tracemill_schema.program import Program
from tracemill_schema.question import AdmissibleAnswer, Question, Source


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
    _guard(main.expression, bench, decimals, checked=proposal.checked)
    empties = empty_cells(main.expression, bench.sheet)
    table = interpret(proposal, bench, spec, already=" ".join(empties))
    answers = _answers(table, spec)
    stated = ([main.statement] if table.states_reading else []) + [
        option.statement for option in table.stated
    ]
    literals = dict(main.parameters) if table.states_reading else {}
    for option in table.stated:
        literals.update(option.parameters)
    return Question.make(
        source=source,
        family=family,
        table_id=bench.sheet.digest,
        prompt=prompt_of(
            proposal.sentence,
            main.expression,
            bench.sheet,
            statement=" ".join(filter(None, stated)),
            spec=spec,
        ),
        mechanical=_mechanical(main, bench.sheet, decimals, answers, table),
        parameters={**proposal.parameters, **literals},
        program=_program(main.expression, bench.sheet, gold, decimals),
        answer_spec=spec,
        answers=answers,
        difficulty=difficulty(main.expression, bench.sheet),
        n_steps=len(main.expression.parts()),
        seed=seed,
        split_group=split_group(main.expression, bench.sheet),
        readings=stored(table, open_=proposal.policy == "open"),
        **({"readings_left_out": table.left_out} if table.left_out else {}),
    )


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


def _guard(expression: Expression, bench: Bench, decimals: int | None, *, checked: bool) -> None:
    def same(left: Datum, right: Datum) -> bool:
        return alike(left, right, decimals)

    if not checked:
        check_columns(expression)
    check_groups(expression, bench.interpreter)
    if not checked:
        check_selections(expression, bench.interpreter, same)
    check_degenerate(expression, bench, decimals)


def _answers(table: Interpretations, spec: AnswerSpec) -> tuple[AdmissibleAnswer, ...]:
    """Merge the answers of the family's readings that the prompt leaves open."""
    merged: list[tuple[Value, list[str]]] = []
    for row in table.rows:
        if row.departures or row.excluded:
            continue
        for value, names in merged:
            if same_answer(spec, value, row.result.answer):
                names.append(row.result.reading.name)
                break
        else:
            merged.append((row.result.answer, [row.result.reading.name]))
    return tuple(AdmissibleAnswer(value=v, interpretation=" or ".join(n)) for v, n in merged)


def _mechanical(
    main: Reading,
    sheet: Sheet,
    decimals: int | None,
    answers: tuple[AdmissibleAnswer, ...],
    table: Interpretations,
) -> str:
    precision = "" if decimals is None else f" rounded to {decimals}"
    readings = " | ".join(answer.interpretation for answer in answers)
    extra = [option.name for option in table.stated if option.name != main.name]
    stated = "".join(f"; {name}" for name in extra)
    return f"{main.expression.canonical} on {sheet.name}{precision} [{readings}{stated}]"


def _program(expression: Expression, sheet: Sheet, gold: Datum, decimals: int | None) -> Program:
    nodes = expression.nodes()
    return Program(
        nodes=nodes,
        result=len(nodes) - 1,
        canonical=expression.canonical,
        source=source_of(expression, sheet, value=gold, decimals=decimals),
    )
