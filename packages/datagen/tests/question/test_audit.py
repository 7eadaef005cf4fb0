"""Rendered solutions run in the sandbox and judged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import StaleInput
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.question.audit import audit, report_lines
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.settle import settle
from tracemill_datagen.template import highest_group, std_of_column, top_k_rows
from tracemill_datagen.template.family import Template
from tracemill_schema.canonical import short
from tracemill_schema.program import Program
from tracemill_schema.question import Question


def question_of(bench: Bench, op: str = "mean") -> Question:
    expression = call(op, call("column", TABLE, column="body_mass_g"))
    proposal = Proposal(
        sentence="what is it",
        readings=(Reading(name="only", expression=expression),),
        parameters={},
    )
    return settle(proposal, bench, source="template", family="f", seed=0)


def with_source(question: Question, source: str | None) -> Question:
    assert question.program is not None
    values = {**question.program.to_values(), "source": source}
    return question.replace(program=Program.from_values(values, where="test"))


def test_real_solutions_agree(
    bench: Bench, drawn: Callable[[Bench, Template, int], list[Question]]
) -> None:
    families = (std_of_column, highest_group, top_k_rows)
    questions = [q for family in families for q in drawn(bench, family.TEMPLATE, 4)]
    report = audit(questions, {bench.sheet.digest: bench.sheet})
    assert (report.questions, report.disagreements) == (len(questions), ())
    assert report.operators["std"] >= 1
    assert next(iter(report_lines(report))).endswith(" 0 disagreements")


def test_statistics_are_loaded_where_a_solution_wants_them(bench: Bench) -> None:
    source = (
        "import pandas as pd\nfrom scipy import stats\n"
        'table = pd.read_csv("table.csv")\n'
        'answer = round(float(stats.tmean(table["body_mass_g"].dropna())), 2)\n'
    )
    question = with_source(question_of(bench), source)
    assert audit([question], {bench.sheet.digest: bench.sheet}).disagreements == ()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("answer = 7.5\n", "7.5"),
        ("answer = 1 / 0\n", "error: ZeroDivisionError: division by zero"),
        ("answers = 1\n", "no answer: it was never bound"),
        (None, "no solution is stored"),
    ],
)
def test_a_disagreement_is_told_by_operator_with_both_values(
    bench: Bench, source: str | None, found: str
) -> None:
    good, wrong = question_of(bench, "median"), with_source(question_of(bench), source)
    report = audit([good, wrong], {bench.sheet.digest: bench.sheet})
    assert [(item.operator, item.stored, item.found) for item in report.disagreements] == [
        ("mean", "4201.75", found)
    ]
    assert report.by_operator == {"mean": 1}
    assert list(report_lines(report))[-1] == (
        f"    question {short(wrong.id)} about penguins: stored 4201.75, found {found}"
    )


def test_a_question_about_another_table_is_refused(bench: Bench) -> None:
    with pytest.raises(StaleInput, match="give the tables that the questions were made from"):
        audit([question_of(bench)], {})
