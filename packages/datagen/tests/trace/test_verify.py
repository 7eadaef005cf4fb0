from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.corruption import with_hooks
from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.corruption import resealed
from tracemill_datagen.trace.verify import (
    check_steps,
    replayed,
    text_difference,
    verify_trace,
)
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.claim import Claim

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table
    from tracemill_schema.trace import Trace


SPEC = AnswerSpec(kind="number", decimals=2, unit="%")


@pytest.fixture
def share(accepted: dict[str, Episode], questions: dict[str, Question], table: Table) -> Trace:
    return build_trace(accepted["share"], questions["share"], table)


def test_every_honest_trace_holds(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    for family, episode in accepted.items():
        trace = build_trace(episode, questions[family], table)
        assert verify_trace(trace, episode, questions[family], table=table) == (), family


def test_a_quoted_value_must_be_the_hooks_value(share: Trace, accepted: dict[str, Episode]) -> None:
    step = share.steps[2].replace(claim=Claim(op="quote", args=(4,), result=4))
    changed = resealed(share, steps=(*share.steps[:2], step, *share.steps[3:]))
    found = [str(defect) for defect in check_steps(changed, accepted["share"])]
    assert "number at /steps/2/claim/result: wanted 3 as the hook has it, got 4" in found


@pytest.mark.parametrize(
    ("change", "where", "kind"),
    [
        ({"prompt": "Another question?"}, "/prompt", "identity"),
        ({"answer_spec": SPEC.replace(unit="g")}, "/answer_spec", "wrong_unit"),
        ({"answer_spec": SPEC.replace(decimals=1)}, "/answer_spec", "identity"),
        ({"final_answer": "49.0"}, "/final_answer", "number"),
        ({"final_answer": "about half"}, "/final_answer", "unsupported_claim"),
    ],
)
def test_what_the_question_contradicts_is_named(
    *,
    share: Trace,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
    change: dict[str, object],
    where: str,
    kind: str,
) -> None:
    changed = resealed(share, **change)
    found = verify_trace(changed, accepted["share"], questions["share"], table=table)
    assert (where, kind) in [(defect.where, defect.kind) for defect in found]


@pytest.mark.parametrize("field", ["question_id", "episode_id"])
def test_a_trace_of_something_else_is_named(
    share: Trace,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    field: str,
) -> None:
    said = share.provenance.replace(**{field: "0" * 64})
    changed = resealed(share, provenance=said)
    found = verify_trace(changed, accepted["share"], questions["share"])
    assert {defect.where for defect in found} == {f"/provenance/{field}"}


def test_another_licence_than_the_tables_is_named(
    share: Trace, accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    found = verify_trace(
        share, accepted["share"], questions["share"], table=table.replace(licence="secret")
    )
    assert [str(defect) for defect in found] == [
        "identity at /provenance/licence: wanted secret, got CC0-1.0"
    ]


def test_a_step_without_a_claim_is_unsupported(share: Trace, accepted: dict[str, Episode]) -> None:
    step = share.steps[0].replace(claim=None)
    changed = resealed(share, steps=(step, *share.steps[1:]))
    found = [str(defect) for defect in check_steps(changed, accepted["share"])]
    assert found == ["unsupported_claim at /steps/0/claim: wanted a claim, got none"]


def test_a_trace_of_a_rejected_episode_is_unsupported(
    share: Trace, episodes: dict[str, Episode], questions: dict[str, Question]
) -> None:
    found = verify_trace(share, episodes["raises"], questions["share"])
    assert "unsupported_claim" in {defect.kind for defect in found}


def test_an_episode_whose_hook_is_no_assignment_proves_nothing(
    share: Trace, accepted: dict[str, Episode]
) -> None:
    hooks = accepted["share"].turns[0].hooks
    forged = with_hooks(accepted["share"], [hooks[0].replace(code_line="print(1)"), *hooks[1:]])
    assert [defect.kind for defect in check_steps(share, forged)] == ["forged_hook"]


def test_replay_alone_finds_a_claim_that_does_not_hold(share: Trace) -> None:
    claim = share.steps[4].claim
    assert claim is not None
    step = share.steps[4].replace(claim=Claim(op=claim.op, args=claim.args, result=301))
    changed = resealed(share, steps=(*share.steps[:4], step, *share.steps[5:]))
    (defect,) = replayed(changed)
    assert (defect.kind, defect.where) == ("unsupported_claim", "/steps/4/claim")
    assert defect.got == "multiply gives 300, not 301"
    assert replayed(share) == ()


@pytest.mark.parametrize(
    ("wanted", "got", "kind"),
    [
        ("a: b = 4.5 g", "a: b = 4.6 g", "number"),
        ("a: b = 4.5 g", "a: b = 4.5 kg", "wrong_unit"),
        ("a: b = 4.5 g", "a: b = 4.5", "wrong_unit"),
        ("4.5", "4.5 US dollars", "wrong_unit"),
        ("a: where 'k' is 'x' = 4", "a: where 'k' is 'y' = 4", "swapped_label"),
        ('a: b = "x"', 'a: b = "y"', "swapped_label"),
        ("a: mean of b = 4", "a: median of b = 4", "unsupported_claim"),
    ],
)
def test_a_changed_text_has_a_class(wanted: str, got: str, kind: str) -> None:
    assert text_difference(wanted, got) == kind
