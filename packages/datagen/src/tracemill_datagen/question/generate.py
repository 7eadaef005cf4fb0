"""Questions about one table: propose, settle, keep what is new, count what is not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.grammar import derive
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording import phrase_of
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_schema.canonical import Value
from tracemill_schema.question import Question, Source

TRIES_PER_QUESTION = 24
"""Items tried for each question asked for before a table counts as exhausted."""

Propose = Callable[[Bench, int, int], tuple[str, Proposal]]
"""(bench, seed, item) -> (family, proposal); raises Rejected."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What a table gave: its questions, and why the other items were not kept."""

    questions: tuple[Question, ...]
    rejected: Mapping[str, int]


def generate(bench: Bench, source: Source, *, count: int, seed: int) -> Batch:
    """Make up to ``count`` distinct questions about one table.

    Item i depends on (seed, source, table, i) only; the kept ones are the first that settle and
    that no earlier one asks. Fewer come back where the table does not hold more.
    """
    questions: list[Question] = []
    rejected: Counter[str] = Counter()
    seen: set[str] = set()
    for item in range(count * TRIES_PER_QUESTION):
        if len(questions) == count:
            break
        try:
            question = _question(bench, source, seed, item)
        except Rejected as rejection:
            rejected[rejection.reason] += 1
            continue
        key = question.mechanical if source == "template" else _canonical(question)
        if key in seen:
            rejected["duplicate"] += 1
            continue
        seen.add(key)
        questions.append(question)
    return Batch(questions=tuple(questions), rejected=dict(sorted(rejected.items())))


def proposals(bench: Bench, source: Source, *, count: int, seed: int) -> Iterator[Proposal]:
    """Yield the proposals behind a batch of ``count``, the ones that are not kept included."""
    for item in range(count * TRIES_PER_QUESTION):
        try:
            yield _PROPOSE[source](bench, seed, item)[1]
        except Rejected:
            continue


def _question(bench: Bench, source: Source, seed: int, item: int) -> Question:
    family, proposal = _PROPOSE[source](bench, seed, item)
    return settle(proposal, bench, source=source, family=family, seed=seed)


def _canonical(question: Question) -> str:
    return question.program.canonical if question.program is not None else question.mechanical


def _from_template(bench: Bench, seed: int, item: int) -> tuple[str, Proposal]:
    template = TEMPLATES[item % len(TEMPLATES)]
    rng = item_rng(seed, template.name, bench.sheet.digest, item)
    return template.name, template.propose(bench.sheet, bench.roles, rng)


def _from_grammar(bench: Bench, seed: int, item: int) -> tuple[str, Proposal]:
    rng = item_rng(seed, "procedural", bench.sheet.digest, item)
    expression = derive(bench.sheet, bench.roles, rng)
    verb = "are" if expression.operator.output == "list" else "is"
    proposal = Proposal(
        sentence=f"what {verb} {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters=parameters_of(expression),
    )
    return shape_of(expression), proposal


_PROPOSE: Mapping[Source, Propose] = {"template": _from_template, "procedural": _from_grammar}


def parameters_of(expression: Expression) -> dict[str, Value]:
    """Collect a program's literals; a repeated name is numbered: column, column_2, ..."""
    collected: dict[str, Value] = {}
    for part in expression.parts():
        for key, value in part.parameters.items():
            name, number = key, 2
            while name in collected:
                name, number = f"{key}_{number}", number + 1
            collected[name] = value
    return collected


def shape_of(expression: Expression) -> str:
    """Name a program by its operators from the answer down the first operands."""
    names = [expression.op]
    below = expression
    while below.inputs:
        below = below.inputs[0]
        if below.op not in {"table", "column", "labels"}:
            names.append(below.op)
    return "-".join(names)[:64].rstrip("-_")
