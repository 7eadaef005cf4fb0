"""The prompt around a question's sentence, and what counts as a correct answer to it."""

from __future__ import annotations

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.operator import columns_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import AnswerSpec


def spec_of(expression: Expression, sheet: Sheet, gold: Datum, decimals: int | None) -> AnswerSpec:
    """Return what counts as a correct answer to a program."""
    if isinstance(gold, tuple):
        whole = all(isinstance(item, int) for item in gold)
        return AnswerSpec(kind="list", item=AnswerSpec(kind="integer" if whole else "string"))
    if isinstance(gold, str):
        return AnswerSpec(kind="string")
    unit = unit_of_answer(expression, sheet)
    if isinstance(gold, int):
        return AnswerSpec(kind="integer", unit=unit)
    return AnswerSpec(kind="number", decimals=decimals, unit=unit)


def unit_of_answer(expression: Expression, sheet: Sheet) -> str | None:
    """Return the unit of a program's number, or None where the table hints at none."""
    if expression.op == "share":
        return "%"
    if expression.op == "column" or (expression.inputs and "column" in expression.parameters):
        return sheet.column(str(expression.parameters["column"])).unit
    if not expression.operator.keeps_unit:
        return None
    return unit_of_answer(expression.inputs[0], sheet)


def prompt_of(
    sentence: str, expression: Expression, sheet: Sheet, *, statement: str, spec: AnswerSpec
) -> str:
    """Write the whole prompt.

    Args:
        sentence: The question's clause.
        expression: Its program; decides whether empty cells must be spoken of.
        sheet: The table.
        statement: The convention to name, or nothing.
        spec: What counts as correct; decides how the answer is asked for.
    """
    sentences = [f"In the table {sheet.name}, {sentence}?"]
    sentences.extend(_empty_cells(expression, sheet))
    if statement:
        sentences.append(statement)
    sentences.append(_form(spec))
    return " ".join(sentences)


def _empty_cells(expression: Expression, sheet: Sheet) -> tuple[str, ...]:
    """Say what becomes of empty cells, if a column that is read or filtered has any."""
    sparse = [
        part
        for part in expression.parts()
        if any(sheet.column(name).nulls for name in columns_of(part.parameters))
    ]
    if any(not part.operator.selects for part in sparse):
        return ("Leave cells without a value out.",)
    return ("A cell without a value meets no condition.",) if sparse else ()


def _form(spec: AnswerSpec) -> str:
    if spec.kind == "number":
        return f"Round to {spec.decimals} decimals."
    if spec.kind == "integer":
        return "Answer with an integer."
    if spec.kind == "list":
        return "Answer with a JSON list of the values as they stand in the table."
    return "Answer with the value as it stands in the table."
