"""A stored question proved again from its record and its table, without drawing it again.

Each check says by its kind what it found:

    program      the program is none of this version, or its text or its size is another
    engines      the interpreter and sqlite disagree, or the program has no answer
    answer       the answers, or what counts as correct, are not what the engines give
    reading      a stored reading gives another answer than its record says
    parameter    a parameter does not stand in the prompt
    wording      a procedural prompt does not say exactly its program
    ambiguous    a convention that the prompt does not state changes the answer
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression, expression_of
from tracemill_datagen.program.engine.source import source_of
from tracemill_datagen.program.operators.lookup import ordinal
from tracemill_datagen.program.wording.parsing import readings as programs_of
from tracemill_datagen.program.wording.vocabulary import value_words
from tracemill_datagen.question import ambiguity
from tracemill_datagen.question.bench import Bench, decimals_for
from tracemill_datagen.question.interpretation import answer_of
from tracemill_datagen.question.prompt import spec_of
from tracemill_datagen.question.settle import difficulty, split_group
from tracemill_datagen.question.stored import SEPARATOR, program_of
from tracemill_schema.answer import judge, show
from tracemill_schema.canonical import Value
from tracemill_schema.question import Question

CANNOT = (KeyError, TypeError, ValueError, IndexError, ArithmeticError)
"""What operators raise at parameters that no generator writes: an unknown column, a text as n."""

ENDS = {
    "max": ("largest", "highest", "most", "greatest", "latest"),
    "min": ("smallest", "lowest", "fewest", "least", "earliest"),
}
"""How an end of an order is said; the first place of an order is its end."""

CHOICES = {
    "different values": ("equal values once", "different values"),
    "every row": ("equal values one by one", "every row"),
}
"""How other choices are said that are no literals of the text."""

LAST_ORDINAL = 5
"""The last place of an order that is said as a word: "the fifth largest"."""

SHOWN = 160
"""Characters of a value that a finding shows."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that does not hold of a question: its kind, what was wanted, what was got."""

    kind: str
    wanted: str
    got: str


def findings_of(question: Question, bench: Bench) -> tuple[Finding, ...]:
    """Check one question against its table.

    Args:
        question: A template or procedural question about the bench's table.
        bench: Both engines on the table.
    """
    if question.program is None:
        return (_finding("program", "a program", "none"),)
    try:
        expression = expression_of(question.program)
        gold = bench.interpreter.value(expression)
        decimals = decimals_for(gold)
        answer = bench.confirmed(expression, decimals)
    except Rejected as rejection:
        kind = "engines"
        return (_finding(kind, "an answer that two engines give", str(rejection)),)
    except CANNOT as error:
        got = f"{type(error).__name__}: {error}"
        return (_finding("program", "operators and columns that there are", got),)
    return (
        *_program(question, expression, bench, gold, decimals),
        *_answers(question, expression, bench, gold, answer),
        *_readings(question, expression, bench, decimals),
        *_parameters(question),
        *_wording(question, expression, bench),
        *_ambiguous(question, bench),
    )


def _finding(kind: str, wanted: object, got: object) -> Finding:
    return Finding(kind=kind, wanted=_short(wanted), got=_short(got))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _program(
    question: Question, expression: Expression, bench: Bench, gold: Datum, decimals: int | None
) -> Iterator[Finding]:
    """The parts of a record that follow from its program."""
    program = question.program
    if program is None:
        return
    text = source_of(expression, bench.sheet, value=gold, decimals=decimals)
    follows: Sequence[tuple[str, object, object]] = (
        ("canonical form", expression.canonical, program.canonical),
        ("text", text, program.source),
        ("n_steps", len(expression.parts()), question.n_steps),
        ("difficulty", difficulty(expression, bench.sheet), question.difficulty),
        ("split_group", split_group(expression, bench.sheet), question.split_group),
    )
    for name, wanted, got in follows:
        if wanted != got:
            first, second = _first_difference(str(wanted), str(got))
            yield _finding("program", f"{name} {first}", second)


def _first_difference(wanted: str, got: str) -> tuple[str, str]:
    """Return the first lines of two texts that differ."""
    pairs = zip_longest(wanted.splitlines(), got.splitlines(), fillvalue="no more lines")
    return next((pair for pair in pairs if pair[0] != pair[1]), (wanted, got))


def _answers(
    question: Question, expression: Expression, bench: Bench, gold: Datum, answer: Value
) -> Iterator[Finding]:
    spec = spec_of(expression, bench.sheet, gold, decimals_for(gold))
    if spec != question.answer_spec:
        got = question.answer_spec.to_bytes().decode()
        yield _finding("answer", f"the answer spec {spec.to_bytes().decode()}", got)
    admitted = [each.value for each in question.answers]
    if not any(judge(spec, value, answer).correct for value in admitted):
        yield _finding("answer", show(answer), " or ".join(show(value) for value in admitted))


def _readings(
    question: Question, main: Expression, bench: Bench, decimals: int | None
) -> Iterator[Finding]:
    """Every stored reading gives what it says, and the answers are those of the admissible ones."""
    kept: list[Value] = []
    for row in question.readings:
        expression = program_of(row, main)
        value, why = _answer_of(expression, bench, decimals)
        if bool(why) != (row.why_none is not None) or value != row.value:
            name = SEPARATOR.join(row.conventions)
            yield _finding("reading", f"{name}: {why or show(value)}", row.why_none or row.value)
        if row.status != "excluded" and not why:
            kept.append(value)
    if not kept:
        return
    admitted = [each.value for each in question.answers]
    yield from _none_of(question, admitted, kept, "an answer of an admissible reading")
    yield from _none_of(question, kept, admitted, "an answer that the question admits")


def _answer_of(
    expression: Expression | None, bench: Bench, decimals: int | None
) -> tuple[Value, str]:
    """Return a reading's answer, or why it has none."""
    if expression is None:
        return None, "no program that this version knows"
    try:
        return answer_of(expression, bench, decimals)
    except CANNOT as error:
        return None, f"columns that there are ({error})"


def _none_of(
    question: Question, values: Sequence[Value], others: Sequence[Value], wanted: str
) -> Iterator[Finding]:
    for value in values:
        if not any(judge(question.answer_spec, other, value).correct for other in others):
            yield _finding("answer", wanted, show(value))


def _parameters(question: Question) -> Iterator[Finding]:
    """Every parameter is said; of a procedural question the reading of its words shows that."""
    if question.source == "procedural":
        return
    for name, value in question.parameters.items():
        if not _is_said(value, question.prompt):
            yield _finding("parameter", f"{name} = {value_words(value)} in the prompt", "not there")


def _is_said(value: Value, prompt: str) -> bool:
    """Tell whether a parameter stands in a prompt; of a list every item."""
    if isinstance(value, list | tuple):
        return all(_is_said(item, prompt) for item in value)
    return any(form in prompt for form in _forms(value))


def _forms(value: Value) -> tuple[str, ...]:
    """Return the ways in which a parameter may stand in a prompt."""
    forms = (show(value), value_words(value))
    if isinstance(value, str):
        return (*forms, *ENDS.get(value, ()), *CHOICES.get(value, ()))
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LAST_ORDINAL:
        first = [word for words in ENDS.values() for word in words]
        return (*forms, *(first if value == 1 else [ordinal(value, "").strip()]))
    return forms


def _wording(question: Question, expression: Expression, bench: Bench) -> Iterator[Finding]:
    """A procedural prompt names exactly one program, the question's; a template's is handmade."""
    if question.source != "procedural":
        return
    opening = f"In the table {bench.sheet.name}, "
    if not question.prompt.startswith(opening):
        yield _finding("wording", f"a prompt that begins with {opening!r}", question.prompt)
        return
    rest = question.prompt.removeprefix(opening)
    ends = [position for position, letter in enumerate(rest) if letter == "?"]
    said = [
        program.canonical for end in ends for program in programs_of(rest[: end + 1], bench.sheet)
    ]
    if said != [expression.canonical]:
        got = " | ".join(said) or "no program that can be read from it"
        yield _finding("wording", expression.canonical, got)


def _ambiguous(question: Question, bench: Bench) -> Iterator[Finding]:
    for each in ambiguity.findings(question, bench.sheet, bench.interpreter):
        if each.judgement == "undeclared":
            yield _finding("ambiguous", f"the convention of {each.axis} stated", each.detail)
