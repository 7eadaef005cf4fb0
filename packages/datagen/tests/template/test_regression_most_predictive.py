"""Best predictors, with and without copies of the target, by two measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.regression_most_predictive import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_both_measures_choose_body_mass_and_another_column_is_wrong(settled: Settled) -> None:
    question = next(
        q
        for q in settled(TEMPLATE, "penguins", 80)
        if q.parameters["target"] == "flipper_length_mm"
        and q.answer_spec.kind == "string"
        and "body_mass_g" in q.parameters["columns"]  # type: ignore[operator]  # a list
    )
    assert "by R squared" in question.answers[0].interpretation
    assert "by rank correlation" in question.answers[0].interpretation
    assert judge(question.answer_spec, question.answers[0].value, "body_mass_g").correct
    assert not judge(question.answer_spec, question.answers[0].value, "bill_depth_mm").correct


def test_measures_that_differ_are_both_admissible_or_one_is_stated(settled: Settled) -> None:
    questions = [q for q in settled(TEMPLATE, "state_crime", 100) if q.answer_spec.kind == "string"]
    opened = [q for q in questions if len(q.answers) == 2]
    stated = [q for q in questions if "Judge by" in q.prompt or "Use Spearman" in q.prompt]
    assert opened
    assert stated
    for question in opened:
        assert "Judge by" not in question.prompt
        assert "Use Spearman" not in question.prompt
        given = [answer.value for answer in question.answers]
        for value in given:
            assert any(judge(question.answer_spec, a, value).correct for a in given)
        others = set(map(str, question.parameters["columns"])) - set(map(str, given))  # type: ignore[arg-type]
        for column in others:
            assert not any(judge(question.answer_spec, a, column).correct for a in given)


def test_r_squared_of_the_best_is_the_tables(settled: Settled) -> None:
    question = next(
        q
        for q in settled(TEMPLATE, "penguins", 80)
        if q.parameters["target"] == "body_mass_g"
        and q.answer_spec.kind == "number"
        and "flipper_length_mm" in q.parameters["columns"]  # type: ignore[operator]  # a list
    )
    assert question.answers[0].value == 0.759
    assert judge(question.answer_spec, 0.759, "0.7590").correct
    assert not judge(question.answer_spec, 0.759, 0.8712).correct  # R, not R squared


@pytest.fixture
def twice() -> Iterator[Bench]:
    """The penguins with their mass in pounds as well."""
    sheet = embedded_sheet(embedded_named("penguins"))
    lines = csv_bytes(sheet.columns).decode().splitlines()
    mass = lines[0].split(",").index("body_mass_g")
    rows = [lines[0] + ",weight_lb"]
    for line in lines[1:]:
        grams = line.split(",")[mass]
        rows.append(f"{line},{float(grams) / 453.59237 if grams else ''}")
    with Bench(parse_sheet("\n".join(rows).encode(), name="twice", where="twice.csv")) as bench:
        yield bench


def _asked(bench: Bench) -> Iterator[Question]:
    sheet: Sheet = bench.sheet
    for item in range(160):
        rng = item_rng(0, TEMPLATE.name, "test", item)
        try:
            proposal = TEMPLATE.propose(sheet, bench.roles, rng)
            yield settle(proposal, bench, source="template", family=TEMPLATE.name, seed=0)
        except Rejected:
            continue


def test_a_copy_of_the_target_counts_only_where_the_prompt_says_so(twice: Bench) -> None:
    pair = {"body_mass_g", "weight_lb"}
    questions = [
        q
        for q in _asked(twice)
        if q.parameters["target"] in pair
        and q.answer_spec.kind == "string"
        and pair & set(map(str, q.parameters["columns"]))  # type: ignore[arg-type]  # a list
    ]
    stated = [q for q in questions if "linear function" in q.prompt]
    assert stated
    for question in stated:
        copy = (pair - {str(question.parameters["target"])}).pop()
        counted = "counts as well" in question.prompt
        found = judge(question.answer_spec, question.answers[0].value, copy).correct
        assert found is counted
    opened = [q for q in questions if len(q.answers) > 1]
    for question in opened:
        assert any(answer.value in pair for answer in question.answers)
