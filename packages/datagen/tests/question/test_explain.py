"""Interpretation tables of stored questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.explain import explain, find, read_all
from tracemill_datagen.question.generate import generate
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_schema.jsonl import write_records
from tracemill_schema.question import Question


@pytest.fixture(scope="module")
def questions(bench: Bench) -> tuple[Question, ...]:
    return generate(bench, "template", count=30, seed=0).questions


@pytest.mark.parametrize(
    ("family", "statuses", "readings"),
    [
        ("std_of_column", {"stated"}, {"ddof=0", "ddof=1"}),
        ("highest_group", {"open", "settled"}, {"by mean", "by sum", "by median", "by max"}),
        ("count_where", {"settled"}, {"only"}),
    ],
)
def test_every_reading_is_shown(
    bench: Bench,
    questions: tuple[Question, ...],
    family: str,
    statuses: set[str],
    readings: set[str],
) -> None:
    question = next(question for question in questions if question.family == family)
    explanation = explain(question, bench.sheet)
    assert explanation.status in statuses
    assert {result.reading.name for result in explanation.readings} == readings
    assert explanation.readings[0].answer == question.answers[0].value


def test_another_table_is_refused_by_digest(questions: tuple[Question, ...]) -> None:
    with pytest.raises(StaleInput, match=r"^table grunfeld changed: wanted table "):
        explain(questions[0], embedded_sheet(embedded_named("grunfeld")))


def test_a_question_of_another_seed_is_not_mistaken(
    bench: Bench, questions: tuple[Question, ...]
) -> None:
    other = questions[0].replace(prompt="Something else?")
    with pytest.raises(StaleInput, match="wanted a question that this version proposes"):
        explain(other, bench.sheet, searched=5)


def test_questions_are_found_by_the_first_digits(
    tmp_path: Path, questions: tuple[Question, ...]
) -> None:
    write_records(tmp_path / "template" / "penguins.jsonl", questions)
    assert find(tmp_path, questions[3].id[:12]) == questions[3]
    assert read_all(tmp_path / "template" / "penguins.jsonl") == list(questions)
    with pytest.raises(BadRequest, match=r"wanted one question whose id begins with 'zzzz', got 0"):
        find(tmp_path, "zzzz")
    with pytest.raises(BadRequest, match=r"wanted a JSONL file or a folder of them, got nothing"):
        read_all(tmp_path / "absent")
