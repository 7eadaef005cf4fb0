"""The check that no convention that matters is left unsaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.errors import StaleInput
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.proposal import Policy, Proposal, Reading
from tracemill_datagen.question.ambiguity import ambiguity_report, findings, report_lines
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.settle import settle
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.question import AdmissibleAnswer, Question

MASS = call("column", TABLE, column="body_mass_g")
BEST = call("argmax_group", call("group_mean", TABLE, by="species", column="bill_depth_mm"))


def settled(bench: Bench, sentence: str, *readings: Reading, policy: Policy = "stated") -> Question:
    proposal = Proposal(sentence=sentence, readings=readings, parameters={}, policy=policy)
    return settle(proposal, bench, source="template", family="f", seed=0)


def only(expression: Expression) -> Reading:
    return Reading(name="only", expression=expression)


def judgements(question: Question, bench: Bench) -> dict[str, str]:
    found = findings(question, bench.sheet, Interpreter(bench.sheet))
    return {finding.axis: finding.judgement for finding in found}


def test_each_convention_is_judged_by_the_prompt_and_the_answers(bench: Bench) -> None:
    stated = settled(
        bench, "how much does it vary", *readings_of(call("std", MASS, ddof=1), "ddof")
    )
    assert judgements(stated, bench) == {"ddof": "stated", "nulls": "stated"}
    opened = settled(bench, "which is first", *readings_of(BEST, "highest"), policy="open")
    assert judgements(opened, bench) == {"nulls": "agree", "highest": "open"}
    year = settled(bench, "what is the largest", only(call("max", call("column", TABLE,
                                                                      column="year"))))  # fmt: skip
    assert judgements(year, bench) == {"nulls": "agree"}


@pytest.mark.parametrize(
    ("cut", "axis"),
    [
        ("Use ddof = 1 (dividing by n - 1).", "ddof"),
        ("Leave cells without a value out.", "nulls"),
    ],
)
def test_a_statement_that_was_cut_out_of_its_prompt_is_missed(
    bench: Bench, cut: str, axis: str
) -> None:
    question = settled(bench, "how much does body_mass_g vary",
                       *readings_of(call("std", MASS, ddof=1), "ddof"))  # fmt: skip
    assert cut in question.prompt
    wrong = question.replace(prompt=question.prompt.replace(cut, ""))
    assert judgements(wrong, bench)[axis] == "undeclared"
    report = ambiguity_report([question, wrong], {bench.sheet.digest: bench.sheet})
    assert report.axes[axis] == {"agree": 0, "stated": 1, "open": 0, "undeclared": 1}
    assert len(report.faults) == 1
    assert f"undeclared convention {axis}: not " in report.faults[0]
    assert next(iter(report_lines(report))) == "2 questions, 1 undeclared conventions"
    assert list(report_lines(report))[-1].startswith("fault: question ")


def test_an_answer_that_was_dropped_from_an_open_question_is_missed(bench: Bench) -> None:
    opened = settled(bench, "which is first", *readings_of(BEST, "highest"), policy="open")
    assert len(opened.answers) == 2
    wrong = opened.replace(answers=opened.answers[:1])
    assert judgements(wrong, bench)["highest"] == "undeclared"


def test_a_column_that_is_called_like_a_method_states_nothing(bench: Bench) -> None:
    question = settled(bench, "what is the median of body_mass_g", only(call("median", MASS)))
    assert judgements(question, bench)["level"] == "stated"
    wrong = question.replace(prompt=question.prompt.replace("median", "typical value"))
    assert judgements(wrong, bench)["level"] == "undeclared"


def test_a_question_without_a_program_cannot_be_proved(bench: Bench) -> None:
    question = Question.make(
        source="llm", family="f", table_id=bench.sheet.digest, prompt="How?", mechanical="how",
        parameters={}, program=None, answer_spec=AnswerSpec(kind="integer"),
        answers=(AdmissibleAnswer(value=1, interpretation="only"),), difficulty=1.0, n_steps=1,
        seed=0, split_group="g",
    )  # fmt: skip
    assert judgements(question, bench) == {"program": "undeclared"}


def test_a_question_about_another_table_is_refused(bench: Bench) -> None:
    question = settled(bench, "what is the median of body_mass_g", only(call("median", MASS)))
    with pytest.raises(StaleInput, match="wanted table "):
        ambiguity_report([question], {})


def test_readings_beyond_the_bound_are_counted(bench: Bench) -> None:
    question = settled(bench, "what is the median of body_mass_g", only(call("median", MASS)))
    cut = question.replace(readings_left_out=4)
    report = ambiguity_report([cut], {bench.sheet.digest: bench.sheet})
    assert report.left_out == 4
    assert "  4 combinations of conventions beyond the bound" in report_lines(report)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_family_leaves_a_convention_undeclared(
    bench: Bench, drawn: Callable[[Bench, Template, int], list[Question]], template: Template
) -> None:
    report = ambiguity_report(drawn(bench, template, 4), {bench.sheet.digest: bench.sheet})
    assert report.faults == ()
