from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.solver.reference import reference_draft, reference_solver
from tracemill_schema.errors import FaultsFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracemill_schema.answer import AnswerSpec
    from tracemill_schema.question import Question


def test_the_draft_is_the_program_with_its_plan_in_words(questions: dict[str, Question]) -> None:
    question = questions["none_of_them"]
    draft = reference_draft(question)
    assert question.program is not None
    assert draft.code == question.program.source
    assert draft.reasoning == (
        "I compute in turn: the table; the rows of table where 'height' is above 99; "
        "the number of items in rows_tall; row_count as an integer."
    )
    assert draft.correction is None


def test_a_program_without_a_plain_line_is_just_run(
    make_question: Callable[..., Question], share_spec: AnswerSpec
) -> None:
    assert reference_draft(make_question("bare", "pass", share_spec, 1)).reasoning == "I run it."


def test_a_question_without_a_program_is_refused(
    make_question: Callable[..., Question], share_spec: AnswerSpec
) -> None:
    question = make_question("bare", None, share_spec, 1.0)
    message = (
        f"question {question.id[:16]}: wanted a program with its source text, got none; "
        "the reference solver can only work on questions that carry their program"
    )
    with pytest.raises(FaultsFound) as caught:
        reference_draft(question)
    assert str(caught.value) == message


def test_the_reference_solver_is_no_model() -> None:
    solver = reference_solver(seed=7)
    assert (solver.kind, solver.model, solver.sampling, solver.seed) == ("reference", None, {}, 7)
