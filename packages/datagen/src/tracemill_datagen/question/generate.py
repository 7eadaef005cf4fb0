"""Questions about one table: propose, settle, keep what is new, count what is not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as endless

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.part import Kept
from tracemill_datagen.question.procedural import propose
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.table.join import JoinedSheet
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_datagen.template.family import Template
from tracemill_schema.question import Question, Source

FRUITLESS = 2_000
"""Items in a row that gave nothing new before a table counts as exhausted: what it still holds is
then drawn less than once in about so many, and a large count would search on for hours. It does not
depend on the count, so that a table holds as many questions whatever is asked for."""

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
    before: Sequence[Kept] = (),
    keep: Callable[[Kept], None] = lambda _: None,
) -> Batch:
    """Make up to ``count`` distinct questions about one table.

    Item i of a family depends on (seed, family, table, i) only; the kept ones are the first that
    settle and that no earlier one asks. Fewer come back where ``FRUITLESS`` items give no new one.

    Args:
        bench: Both engines on the table.
        source: Question source.
        count: Questions, at most.
        seed: Seed of the batch.
        templates: Families that template questions are drawn from.
        before: What an interrupted call with the same arguments kept; the batch goes on after it.
        keep: Called with each question that is kept now.
    """
    questions = [kept.question for kept in before]
    seen = {key for question in questions for key in _keys(question, source)}
    rejected: Counter[str] = Counter()
    for kept in before:
        rejected.update(kept.rejected)
    tried = fruitful = before[-1].item + 1 if before else 0
    since: Counter[str] = Counter()
    for item in _items(bench, source, tried):
        if len(questions) == count or tried - fruitful == FRUITLESS:
            break
        tried += 1
        try:
            question = _new(_question(bench, source, seed, item, templates), source, seen)
        except Rejected as rejection:
            since[rejection.reason] += 1
            continue
        questions.append(question)
        keep(Kept(item=item, question=question, rejected=dict(since)))
        rejected.update(since)
        since.clear()
        fruitful = tried
    rejected.update(since)
    ordered = dict(sorted(rejected.items()))
    possible = bench.grammar.possible if source == "procedural" else None
    return Batch(questions=tuple(questions), rejected=ordered, tried=tried, possible=possible)


def _items(bench: Bench, source: Source, first: int) -> Iterable[int]:
    """Return the items of a source from one on; families can be drawn from without end."""
    return range(first, bench.grammar.items) if source == "procedural" else endless(first)


def _question(
    bench: Bench, source: Source, seed: int, item: int, templates: tuple[Template, ...]
) -> Question:
    family, proposal = _PROPOSE[source](bench, seed, item, templates)
    return settle(proposal, bench, source=source, family=family, seed=seed)


def _new(question: Question, source: Source, seen: set[str]) -> Question:
    """Return a question that none of those seen asks, which it then is one of.

    Raises:
        Rejected: ``duplicate``.
    """
    keys = _keys(question, source)
    if not seen.isdisjoint(keys):
        raise Rejected("duplicate", question.prompt)
    seen.update(keys)
    return question


def _keys(question: Question, source: Source) -> tuple[str, str]:
    """Return what no two questions of a table share: what is asked, and how it is said."""
    if source == "procedural" and question.program is not None:
        return question.program.canonical, question.prompt
    return question.mechanical, question.prompt


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
