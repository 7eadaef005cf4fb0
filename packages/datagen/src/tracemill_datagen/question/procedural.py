"""Questions out of the grammar: the program of an item, checked, with its words."""

from __future__ import annotations

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.engine.ablation import check_columns, check_needed, check_selections
from tracemill_datagen.program.engine.altered import check_columns_matter, check_conditions_turn
from tracemill_datagen.program.grammar.meaning import check_meaning
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.parsing import sentence_that_reads_back
from tracemill_datagen.question.bench import Bench, alike, decimals_for
from tracemill_datagen.question.guard import check_answer, check_chain
from tracemill_datagen.question.prompt import check_steps
from tracemill_datagen.question.seed import item_rng
from tracemill_schema.answer import near_rounding_edge
from tracemill_schema.canonical import Value


def propose(bench: Bench, seed: int, item: int) -> tuple[str, Proposal]:
    """Return the name of a program's shape and the question that it answers.

    Raises:
        Rejected: with the reason, if the item has no program, its program fails a check, or its
            words do not read back as it.
    """
    expression = bench.grammar.program(item, seed=seed, table=bench.sheet.digest)
    if expression is None:
        raise Rejected("used_up", "all bindings of the shape have come before")
    check_program(expression, bench)
    words = item_rng(seed, "wording", bench.sheet.digest, item)
    proposal = Proposal(
        sentence=sentence_that_reads_back(expression, bench.sheet, words),
        readings=(Reading(name="only", expression=expression),),
        parameters=parameters_of(expression),
        checked=True,
    )
    return shape_of(expression), proposal


def check_program(expression: Expression, bench: Bench) -> None:
    """Check that a program says no more than it means, the cheapest check first.

    Raises:
        Rejected: ``decided_by_filter``, a reason of ``grammar/meaning.py``, ``unused_branch``,
            ``answer_in_prompt``, one of the interpreter, ``near_rounding_edge``,
            ``too_few_rows``, ``dead_filter``, ``dead_operator``, ``dead_decision``,
            ``constant_condition`` or ``insensitive``.
    """
    check_columns(expression)
    check_steps(expression)
    check_meaning(expression, bench.roles)
    gold = bench.interpreter.value(expression)
    decimals = decimals_for(gold)
    if isinstance(gold, float) and near_rounding_edge(gold, decimals or 0):
        raise Rejected("near_rounding_edge", repr(gold))

    def same(left: Datum, right: Datum) -> bool:
        return alike(left, right, decimals)

    check_answer(expression, gold)
    check_chain(expression, bench.interpreter)
    check_selections(expression, bench.interpreter, same)
    check_needed(expression, bench.interpreter, same)
    check_conditions_turn(expression, bench.interpreter, bench.altered)
    check_columns_matter(expression, gold, bench.altered, same)


def parameters_of(expression: Expression) -> dict[str, Value]:
    """Collect a program's literals; a repeated name is numbered: column, column_2, ...

    A literal that is said in words (``n``: "second") stands as it is said.
    """
    collected: dict[str, Value] = {}
    for part in expression.parts():
        for key, value in part.parameters.items():
            name, number = key, 2
            while name in collected:
                name, number = f"{key}_{number}", number + 1
            collected[name] = _said(part, key, value)
    return collected


def _said(part: Expression, key: str, value: Value) -> Value:
    if key not in part.operator.words:
        return value
    said = part.operator.words[key].items()
    return next((words for literal, words in said if literal == value), value)


def shape_of(expression: Expression) -> str:
    """Name a program by its operators from the answer down the first operands."""
    names = [expression.op]
    below = expression
    while below.inputs:
        below = below.inputs[0]
        if below.op not in {"table", "column", "labels"}:
            names.append(below.op)
    return "-".join(names)[:64].rstrip("-_")
