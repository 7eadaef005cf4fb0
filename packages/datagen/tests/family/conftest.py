"""What the tests of families share: a question of given parameters, and its judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tracemill_datagen.check import check_lines
from tracemill_datagen.family import catalogue
from tracemill_datagen.task import item
from tracemill_schema.canonical import Value
from tracemill_schema.question import AdmissibleAnswer, Question

Judge = Callable[[str, dict[str, Value], Value, Sequence[str], str], tuple[int, str | None]]


@pytest.fixture
def judge() -> Judge:
    """``judge(family, parameters, gold, lines, answer)`` -> (valid steps, fault or None)."""

    def judged(
        name: str, parameters: dict[str, Value], gold: Value, lines: Sequence[str], answer: str
    ) -> tuple[int, str | None]:
        family = catalogue.by_name(name)
        any_question = item(family, seed=0, stream="test", index=0).question.record
        question: Question = any_question.replace(
            parameters=parameters, answers=(AdmissibleAnswer(value=gold, interpretation="only"),)
        )
        report = check_lines(family, question, lines, answer)
        fault = f"{report.fault.step}: {report.fault.reason}" if report.fault else None
        return report.valid, fault

    return judged
