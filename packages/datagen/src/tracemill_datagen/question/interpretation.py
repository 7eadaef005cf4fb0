"""The interpretation table of a question: every combination of conventions, and what is stated.

The readings of a family are multiplied by every convention of the catalogue that concerns its
program, that the family's readings do not vary themselves, and that the sentence does not state in
words. What makes a difference is then stated in the prompt; a family's own readings stay open
where its policy says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracemill_datagen.convention.axis import Convention, Option
from tracemill_datagen.convention.catalogue import CONVENTIONS
from tracemill_datagen.convention.said import plain_words, says
from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.question.bench import Bench, shown
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import AnswerSpec, judge, near_rounding_edge
from tracemill_schema.canonical import Value

BOUND = 32
"""Most readings of a question that are evaluated. They are taken in the order of how many
conventions differ from the first reading's, so that what is left out differs in the most; how many
were left out is stored with the question and told by ``tracemill question explain``."""


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """A reading with its answer; ``answer`` is None and ``why`` says so if it has none."""

    reading: Reading
    answer: Value
    why: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        base: Position of the family's reading that it is a variant of.
        departures: Options in which it departs from that reading, by axis.
        result: The reading with its answer.
        excluded: True if the prompt rules it out.
    """

    base: int
    departures: tuple[tuple[str, Option], ...]
    result: Reckoned
    excluded: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its conventions: the family's reading, then the departures."""
        return (self.result.reading.name, *(option.name for _, option in self.departures))

    def departs_on(self, axes: Sequence[str]) -> bool:
        """Tell whether it departs on one of some axes."""
        return any(axis in axes for axis, _ in self.departures)


@dataclass(frozen=True, kw_only=True)
class Interpretations:
    """A settled table.

    Attributes:
        rows: All readings, the one that the program renders first.
        states_reading: True if the prompt must state the first reading.
        stated: Options of the catalogue that the prompt must state beyond that.
        left_out: How many combinations lie beyond ``BOUND``.
    """

    rows: tuple[Row, ...]
    states_reading: bool
    stated: tuple[Option, ...]
    left_out: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A convention that a proposal leaves to its reader.

    Attributes:
        convention: The convention.
        taken: The option of the first reading.
        others: All others that its words do not rule out and that no reading of it takes.
        varied: True if its readings take other options too; then these were forgotten.
    """

    convention: Convention
    taken: Option
    others: tuple[Option, ...]
    varied: bool


def relevant(proposal: Proposal, sheet: Sheet) -> tuple[Choice, ...]:
    """Return the conventions that concern a proposal and that neither it nor its words decide."""
    main = proposal.readings[0].expression
    plain: str | None = None
    found = []
    for convention in CONVENTIONS:
        taken = convention.options_in(main, sheet)
        if len(taken) != 1:
            continue
        if plain is None:
            plain = plain_words(proposal.sentence, main, sheet)
        if says(proposal.sentence, taken[0], plain):
            continue
        known = {taken[0].name}
        known.update(o.name for o in _options_of(convention, proposal.readings[1:], sheet))
        left = (option for option in convention.options if option.name not in known)
        others = tuple(option for option in left if not option.is_denied(plain))
        if others:
            varied = len(known) > 1
            found.append(
                Choice(convention=convention, taken=taken[0], others=others, varied=varied)
            )
    return tuple(found)


def interpret(
    proposal: Proposal, bench: Bench, spec: AnswerSpec, *, already: str, bound: int = BOUND
) -> Interpretations:
    """Evaluate every reading of a proposal and decide what its prompt must state.

    Args:
        proposal: What a family proposes.
        bench: Both engines on the table.
        spec: What counts as a correct answer to the first reading.
        already: What the prompt says anyway beside the proposal's sentence.
        bound: Most readings to evaluate.

    Raises:
        Rejected: ``too_many_readings``, ``option_missing``, or if a reading that must have an
            answer has none, or if engines disagree.
    """
    if len(proposal.readings) > bound:
        raise Rejected("too_many_readings", f"{len(proposal.readings)}, at most {bound}")
    choices = relevant(proposal, bench.sheet)
    kept = reckon(proposal, bench, spec.decimals)
    rows, left_out = _rows(kept, choices, bench, spec.decimals, bound)
    closed = proposal.policy == "stated"
    varied = [choice.convention.axis for choice in choices if choice.varied]
    if not closed:
        _check_forgotten(rows, kept, spec, varied)
        choices = tuple(choice for choice in choices if not choice.varied)
    taken = {choice.convention.axis: choice.taken for choice in choices}
    said = [axis for axis, option in taken.items() if says(already, option, already)]
    axes = [axis for axis in taken if axis in said or _matters(axis, rows, spec)]
    statement = kept[0].reading.statement
    stating = any(says(statement, taken[axis], statement) for axis in axes if axis not in said)
    agreed = all(_same(spec, kept[0], result) for result in kept)
    states_reading = closed and (stating or not agreed)

    def excluded(row: Row) -> bool:
        return row.departs_on(axes) or (states_reading and (row.base > 0 or row.departs_on(varied)))

    if not all(_same(spec, kept[row.base], row.result) for row in rows if not excluded(row)):
        # Each convention alone makes no difference, two of them together do.
        axes = list(taken)
    return Interpretations(
        rows=tuple(replace(row, excluded=True) if excluded(row) else row for row in rows),
        states_reading=states_reading,
        stated=tuple(
            taken[axis]
            for axis in axes
            if axis not in said
            and not (states_reading and (axis in varied or says(statement, taken[axis], statement)))
        ),
        left_out=left_out,
    )


def reckon(proposal: Proposal, bench: Bench, decimals: int | None) -> tuple[Reckoned, ...]:
    """Evaluate a family's readings; the first and, in an open question, each must have an answer.

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


def answer_of(expression: Expression, bench: Bench, decimals: int | None) -> tuple[Value, str]:
    """Return a program's answer by the interpreter alone, or None and why there is none."""
    try:
        gold = bench.interpreter.value(expression)
    except Rejected as rejection:
        return None, str(rejection)
    if isinstance(gold, float) and near_rounding_edge(gold, decimals or 0):
        return None, f"near_rounding_edge: {gold!r}"
    answer = shown(gold, decimals)
    if answer == 0 and gold != 0:
        return None, f"vanishes: {gold!r} to {decimals} decimals"
    return answer, ""


def _options_of(
    convention: Convention, readings: Sequence[Reading], sheet: Sheet
) -> Iterator[Option]:
    """Yield the options of an axis that some readings take."""
    for reading in readings:
        yield from convention.options_in(reading.expression, sheet)


def _check_forgotten(
    rows: Sequence[Row], kept: Sequence[Reckoned], spec: AnswerSpec, varied: Sequence[str]
) -> None:
    """Check that an open family left out no option whose answer is none of its own.

    Raises:
        Rejected: ``option_missing``.
    """
    for row in rows:
        forgotten = row.departures and all(axis in varied for axis, _ in row.departures)
        if forgotten and not any(_same(spec, result, row.result) for result in kept):
            raise Rejected("option_missing", " and ".join(o.name for _, o in row.departures))


def _rows(
    kept: Sequence[Reckoned],
    choices: Sequence[Choice],
    bench: Bench,
    decimals: int | None,
    bound: int,
) -> tuple[tuple[Row, ...], int]:
    """Return the product of readings and conventions, fewest departures first, cut at a bound."""
    rows = [Row(base=index, departures=(), result=result) for index, result in enumerate(kept)]
    seen = {result.reading.expression.canonical for result in kept}
    left_out = 0
    for base, departures in _combinations(len(kept), choices):
        result = kept[base]
        expression = result.reading.expression
        for convention, option in departures:
            expression = convention.rewritten(expression, option)
        if expression.canonical in seen:
            continue
        seen.add(expression.canonical)
        if len(rows) >= bound:
            left_out += 1
            continue
        answer, why = answer_of(expression, bench, decimals)
        if any(why.partition(":")[0] in convention.idle for convention, _ in departures):
            continue
        varied = replace(result.reading, expression=expression)
        named = tuple((convention.axis, option) for convention, option in departures)
        rows.append(
            Row(
                base=base,
                departures=named,
                result=Reckoned(reading=varied, answer=answer, why=why),
            )
        )
    return tuple(rows), left_out


def _combinations(
    bases: int, choices: Sequence[Choice]
) -> list[tuple[int, tuple[tuple[Convention, Option], ...]]]:
    """Return all readings with departures from them, fewest first."""
    chosen: list[tuple[tuple[Convention, Option], ...]] = [()]
    for choice in choices:
        others = [((choice.convention, option),) for option in choice.others]
        chosen = [before + more for before in chosen for more in ((), *others)]
    departed = [(base, options) for base in range(bases) for options in chosen if options]
    return sorted(departed, key=lambda item: (len(item[1]) + (item[0] > 0), item[0]))


def _matters(axis: str, rows: Sequence[Row], spec: AnswerSpec) -> bool:
    """Tell whether a departure on one axis alone changes the answer of any of the readings."""
    alone = [row for row in rows if len(row.departures) == 1 and row.departs_on((axis,))]
    return any(not _same(spec, rows[row.base].result, row.result) for row in alone)


def _same(spec: AnswerSpec, left: Reckoned, right: Reckoned) -> bool:
    if left.why or right.why:
        return False
    return same_answer(spec, left.answer, right.answer)


def same_answer(spec: AnswerSpec, left: Value, right: Value) -> bool:
    """Tell whether two answers of ours are one; of equal texts and numbers no judge is needed."""
    if type(left) is type(right) and isinstance(left, int | float | str) and left == right:
        return True
    return judge(spec, left, right).correct
