"""Interpretation tables of stored questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import StaleInput
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.explain import explain, lines_of
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.template import count_where, highest_group, mean_of_column, std_of_column
from tracemill_datagen.template.family import Template
from tracemill_schema.question import Question

FAMILIES = tuple(
    family.TEMPLATE for family in (std_of_column, highest_group, count_where, mean_of_column)
)


@pytest.fixture(scope="module")
def questions(
    bench: Bench, drawn: Callable[[Bench, Template, int], list[Question]]
) -> tuple[Question, ...]:
    return tuple(question for family in FAMILIES for question in drawn(bench, family, 6))


def of(questions: tuple[Question, ...], family: str) -> Question:
    return next(question for question in questions if question.family == family)


@pytest.mark.parametrize(
    ("family", "statuses", "readings"),
    [
        ("std_of_column", {"stated"}, {"ddof=0", "ddof=1"}),
        ("highest_group", {"open", "settled"}, {"by mean", "by sum", "by median", "by max"}),
        ("count_where", {"settled", "stated"}, {"only"}),
        ("mean_of_column", {"stated"}, {"cells of the column", "complete rows"}),
    ],
)
def test_every_reading_is_shown(
    bench: Bench,
    questions: tuple[Question, ...],
    family: str,
    statuses: set[str],
    readings: set[str],
) -> None:
    question = of(questions, family)
    explanation = explain(question, bench.sheet)
    assert explanation.status in statuses
    assert {row.conventions[0] for row in explanation.readings} == readings
    assert explanation.readings[0].value == question.answers[0].value
    assert (explanation.checked, explanation.faults) == (True, ())


def test_every_generated_question_is_as_its_table_says(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    assert [q for q in questions if explain(q, bench.sheet).faults] == []


def test_the_table_is_printed_with_what_was_done(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    question = of(questions, "std_of_column")
    printed = list(lines_of(question, explain(question, bench.sheet)))
    assert printed[0] == question.prompt
    assert printed[2] == "stated: the prompt names what makes a difference"
    assert printed[4].split() == ["reading", "text", "answer"]
    assert printed[5].split()[1:] == ["stated", str(question.answers[0].value)]
    rows = len(question.readings)
    assert printed[-1] == f"evaluated again: {rows} of {rows} as stored"


def test_without_the_table_the_stored_readings_are_shown(questions: tuple[Question, ...]) -> None:
    explanation = explain(questions[0], None)
    assert (explanation.checked, explanation.readings) == (False, questions[0].readings)
    assert list(lines_of(questions[0], explanation))[-1].startswith("as stored; not evaluated")


def test_what_was_left_out_is_said(bench: Bench, questions: tuple[Question, ...]) -> None:
    question = questions[0].replace(readings_left_out=7)
    printed = list(lines_of(question, explain(question, bench.sheet)))
    assert (
        "7 more combinations of conventions lie beyond the bound of 32 and were not evaluated"
        in printed
    )


def test_a_stored_answer_that_is_not_found_again_is_a_fault(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    question = of(questions, "std_of_column")
    first, second, *rest = question.readings
    changed = second.replace(value=1.5)
    explanation = explain(question.replace(readings=(first, changed, *rest)), bench.sheet)
    assert explanation.faults == (
        f"reading {second.conventions[0]}: stored 1.5, found {second.value}",
    )
    assert list(lines_of(question, explanation))[-1] == f"fault: {explanation.faults[0]}"


def test_a_reading_that_counts_must_be_among_the_answers(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    question = of(questions, "std_of_column")
    freed = tuple(row.replace(status="admissible") for row in question.readings)
    faults = explain(question.replace(readings=freed), bench.sheet).faults
    assert faults
    assert all("is not among the answers" in fault for fault in faults)


def test_an_answer_that_no_reading_gives_is_a_fault(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    question = of(questions, "std_of_column")
    answer = question.answers[0].replace(value=-1.5)
    more = question.replace(answers=(*question.answers, answer))
    assert explain(more, bench.sheet).faults == ("answer -1.5: no reading that counts gives it",)


def test_an_unknown_convention_is_a_fault(bench: Bench, questions: tuple[Question, ...]) -> None:
    question = of(questions, "std_of_column")
    unknown = question.readings[0].replace(conventions=("by chance",))
    explanation = explain(question.replace(readings=(unknown, *question.readings[1:])), bench.sheet)
    assert explanation.faults == ("reading by chance: this version knows no program for it",)


def test_a_question_without_its_readings_is_refused(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    kept = questions[0].model_fields_set - {"id", "readings", "readings_left_out"}
    plain = Question.make(**{name: getattr(questions[0], name) for name in kept})
    with pytest.raises(StaleInput, match="wanted a question with its interpretation table"):
        explain(plain, bench.sheet)


def test_another_table_is_refused_by_digest(questions: tuple[Question, ...]) -> None:
    with pytest.raises(StaleInput, match=r"^table grunfeld changed: wanted table "):
        explain(questions[0], embedded_sheet(embedded_named("grunfeld")))
