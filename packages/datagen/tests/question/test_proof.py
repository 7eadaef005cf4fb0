"""Checks of one stored question; what is caught is listed in test_validate.py."""

from __future__ import annotations

import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import generate
from tracemill_datagen.question.proof import SHOWN, findings_of
from tracemill_schema.canonical import Value


def test_every_made_question_holds(bench: Bench) -> None:
    for source in ("template", "procedural"):
        for question in generate(bench, source, count=40, seed=9).questions:
            assert findings_of(question, bench) == (), question.prompt


def test_columns_that_are_not_there_are_a_finding_and_no_crash(bench: Bench) -> None:
    question = generate(bench, "template", count=1, seed=9).questions[0]
    assert question.program is not None
    nodes = [
        node.replace(parameters=dict.fromkeys(node.parameters, "no such"))
        for node in question.program.nodes
    ]
    changed = question.replace(program=question.program.replace(nodes=tuple(nodes)))
    (finding,) = findings_of(changed, bench)
    assert finding.kind == "program"
    assert finding.wanted == "operators and columns that there are"


def test_a_finding_shows_the_first_line_that_differs_and_no_more(bench: Bench) -> None:
    question = generate(bench, "template", count=1, seed=9).questions[0]
    assert question.program is not None
    text = question.program.source or ""
    changed = question.replace(
        program=question.program.replace(source=text.replace("answer = ", "answer = 0 + " * 90))
    )
    (finding,) = findings_of(changed, bench)
    assert finding.wanted.startswith("text answer = ")
    assert finding.got.startswith("answer = 0 + ")
    assert len(finding.got) == SHOWN


SAID = [
    ({"column": "mass", "value": "a b"}, 'the mean of mass where kind is "a b"', []),
    ({"n": 3, "end": "max"}, "the third largest mass", []),
    ({"n": 1, "end": "min"}, "the smallest mass", []),
    ({"by": ["kind", "sex"]}, "the rows of each kind and sex", []),
    ({"limit": 2.5}, "the rows above 2.5", []),
    ({"limit": 2.5}, "the rows above 3.5", ["limit"]),
    ({"n": 4}, "the third largest mass", ["n"]),
    ({"by": ["kind", "sex"]}, "the rows of each kind", ["by"]),
    ({"end": "max"}, "the smallest mass", ["end"]),
]


@pytest.mark.parametrize(("parameters", "prompt", "missing"), SAID)
def test_a_parameter_may_stand_as_a_number_a_word_or_an_end(
    bench: Bench, parameters: dict[str, Value], prompt: str, missing: list[str]
) -> None:
    question = generate(bench, "template", count=1, seed=9).questions[0]
    changed = question.replace(parameters=parameters, prompt=prompt)
    told = [f.wanted.split()[0] for f in findings_of(changed, bench) if f.kind == "parameter"]
    assert told == missing
