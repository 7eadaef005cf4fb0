"""Questions about one table: propose, settle, keep what is new, count what is not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.procedural import propose
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.table.join import JoinedSheet
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_datagen.template.family import Template
from tracemill_schema.question import Question, Source

TRIES_PER_QUESTION = 24
"""Items tried for each question asked for before a table counts as exhausted."""

FRUITLESS = 2_000
"""Items in a row that gave nothing new before a table counts as exhausted: what it still holds is
then drawn less than once in about so many, and a large count would search on for hours."""

Propose = Callable[[Bench, int, int, tuple[Template, ...]], tuple[str, Proposal]]
"""(bench, seed, item, templates to draw from) -> (family, proposal); raises Rejected."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What a table gave.

    Attributes:
        questions: Its questions.
        rejected: Why other items were not kept.
        tried: How many items were drawn.
        possible: Programs that the grammar holds of it, those that cannot be settled included;
            None for templates, whose draws cannot be counted.
    """

    questions: tuple[Question, ...]
    rejected: Mapping[str, int]
    tried: int
    possible: int | None


def generate(
    bench: Bench,
    source: Source,
    *,
    count: int,
    seed: int,
    templates: tuple[Template, ...] = TEMPLATES,
    tell: Callable[[int], None] = lambda _: None,
) -> Batch:
    """Make up to ``count`` distinct questions about one table.

    Item i of a family depends on (seed, family, table, i) only; the kept ones are the first that
    settle and that no earlier one asks. Fewer come back where the table does not hold more.

    Args:
        bench: Both engines on the table.
        source: Question source.
        count: Questions, at most.
        seed: Seed of the batch.
        templates: Families that template questions are drawn from.
        tell: Called with the questions made so far, after each.
    """
    questions: list[Question] = []
    rejected: Counter[str] = Counter()
    seen: set[str] = set()
    tried = fruitful = 0
    for item in range(_tries(bench, source, count)):
        if len(questions) == count or tried - fruitful == FRUITLESS:
            break
        tried += 1
        try:
            question = _question(bench, source, seed, item, templates)
        except Rejected as rejection:
            rejected[rejection.reason] += 1
            continue
        key = question.mechanical if source == "template" else _canonical(question)
        if key in seen or question.prompt in seen:
            rejected["duplicate"] += 1
            continue
        seen.update((key, question.prompt))
        questions.append(question)
        fruitful = tried
        tell(len(questions))
    ordered = dict(sorted(rejected.items()))
    possible = bench.grammar.possible if source == "procedural" else None
    return Batch(questions=tuple(questions), rejected=ordered, tried=tried, possible=possible)


def proposals(bench: Bench, source: Source, *, count: int, seed: int) -> Iterator[Proposal]:
    """Yield the proposals behind a batch of ``count``, the ones that are not kept included."""
    for item in range(_tries(bench, source, count)):
        try:
            yield _PROPOSE[source](bench, seed, item, TEMPLATES)[1]
        except Rejected:
            continue


def _tries(bench: Bench, source: Source, count: int) -> int:
    tries = count * TRIES_PER_QUESTION
    return min(tries, bench.grammar.items) if source == "procedural" else tries


def _question(
    bench: Bench, source: Source, seed: int, item: int, templates: tuple[Template, ...]
) -> Question:
    family, proposal = _PROPOSE[source](bench, seed, item, templates)
    return settle(proposal, bench, source=source, family=family, seed=seed)


def _canonical(question: Question) -> str:
    return question.program.canonical if question.program is not None else question.mechanical


def _from_template(
    bench: Bench, seed: int, item: int, templates: tuple[Template, ...]
) -> tuple[str, Proposal]:
    fitting = [each for each in templates if each.joins == isinstance(bench.sheet, JoinedSheet)]
    if not fitting:
        raise Rejected("not_applicable", "no family asks about such a table")
    turn, place = divmod(item, len(fitting))
    template = fitting[place]
    rng = item_rng(seed, template.name, bench.sheet.digest, turn)
    return template.name, template.propose(bench.sheet, bench.roles, rng)


def _from_grammar(
    bench: Bench, seed: int, item: int, _: tuple[Template, ...]
) -> tuple[str, Proposal]:
    return propose(bench, seed, item)


_PROPOSE: Mapping[Source, Propose] = {"template": _from_template, "procedural": _from_grammar}
