from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from tracemill_schema.completion import Completion
from tracemill_schema.errors import UsageFault
from tracemill_schema.evaluation import wilson
from tracemill_schema.question import AdmissibleAnswer, Question
from tracemill_schema.reward import Judgement
from tracemill_schema.training import Checkpoint, Device, Loss, Training
from tracemill_trainer import evaluation
from tracemill_trainer.errors import CompletionsMismatch
from tracemill_trainer.evaluation import (
    checkpoint_of,
    find_step_reward,
    judge_all,
    judge_completion,
    refuse_foreign,
    step_reward_of,
    summarise,
)

MODEL = "a" * 64
Make = Callable[[int], Question]


def _completion(
    question: Question, text: str, *, model: str = MODEL, sample: int = 0
) -> Completion:
    return Completion(
        question_id=question.id, model=model, sample=sample, text=text, tokens=3, finish="stop"
    )


def steps_are_fine(question: Question, text: str) -> Judgement:
    shown = "<reasoning>" in text
    return Judgement(value=0.5 if "bad" in text else float(shown), reason="replayed")


def _right(question: Question) -> str:
    return f"<answer>{question.answers[0].value}</answer>"


@pytest.mark.parametrize(
    ("text", "correct", "formatted", "reason"),
    [
        ("{right}", True, True, "correct (only)"),
        ("<reasoning>1</reasoning>{right}", True, True, "correct (only)"),
        ("{right}{right}", False, False, "wrong: the answer tags do not stand there exactly once"),
        ("7", False, False, "wrong: the answer tags do not stand there exactly once"),
        ("", False, False, "wrong: the answer tags do not stand there exactly once"),
        ("<answer>x</answer>", False, True, "wrong: expected one number, got x"),
        ("<answer>99</answer>", False, True, "wrong: expected {value}, got 99"),
    ],
)
def test_an_answer_counts_between_its_tags_only(
    make_question: Make, *, text: str, correct: bool, formatted: bool, reason: str
) -> None:
    question = make_question(1)
    shown = text.replace("{right}", _right(question))
    verdict = judge_completion(question, _completion(question, shown), None).verdict
    wanted = reason.replace("{value}", str(question.answers[0].value))
    assert (verdict.correct, verdict.formatted, verdict.reason) == (correct, formatted, wanted)


def test_every_admissible_answer_counts_and_is_named(make_question: Make) -> None:
    question = make_question(1)
    answers = (*question.answers, AdmissibleAnswer(value=42, interpretation="ddof=1"))
    kept = {name: getattr(question, name) for name in question.model_fields_set - {"id"}}
    question = Question.make(**{**kept, "answers": answers})
    verdict = judge_completion(question, _completion(question, "<answer>42</answer>"), None).verdict
    assert (verdict.correct, verdict.reason) == (True, "correct (ddof=1)")


def test_a_summary_counts_what_was_judged(make_question: Make) -> None:
    asked = [make_question(index) for index in range(4)]
    texts = [
        "<reasoning>1</reasoning>" + _right(asked[0]),
        "<reasoning>bad</reasoning>" + _right(asked[1]),
        "<reasoning>never ends",
        _right(asked[3]),
    ]
    completions = [_completion(q, text) for q, text in zip(asked, texts, strict=True)]
    summary = summarise(
        judge_all(asked, completions, steps_are_fine),
        model="m",
        checkpoint=MODEL,
        items_file="items.jsonl",
        items_sha256="b" * 64,
    )
    assert summary.pass_at_1 == summary.pass_at_k == wilson(3, 4)
    assert summary.format_rate == wilson(3, 4)
    assert summary.step_validity == wilson(2, 4), "an answer without steps has no valid steps"
    assert summary.by_family == {"tiny_chain": wilson(3, 4)}
    assert summary.by_difficulty == {"2": wilson(3, 4)}
    assert summary.by_source == {"procedural": wilson(3, 4)}
    assert (summary.n_items, summary.n_scored, summary.samples_per_item) == (4, 4, 1)
    assert summary.checkpoint == MODEL


def test_with_several_samples_pass_at_1_is_their_mean(make_question: Make) -> None:
    one, other = make_question(0), make_question(1)
    completions = [
        _completion(one, _right(one), sample=1),
        _completion(one, "no", sample=0),
        _completion(other, "no", sample=1),
        _completion(other, "no", sample=0),
    ]
    judged = judge_all([one, other], completions, None)
    order = [(one.id, 0), (one.id, 1), (other.id, 0), (other.id, 1)]
    assert [(item.verdict.question_id, item.verdict.sample) for item in judged] == order
    summary = summarise(
        judged,
        model="m",
        checkpoint=MODEL,
        items_file="items.jsonl",
        items_sha256="b" * 64,
    )
    assert summary.pass_at_1 == wilson(1, 4, samples=2)
    assert summary.pass_at_k == wilson(1, 2)
    assert summary.by_family == {"tiny_chain": wilson(1, 4, samples=2)}
    assert (summary.n_items, summary.n_scored) == (2, 2)
    assert summary.samples_per_item == 2
    assert summary.step_validity == wilson(0, 0), "no reward, nothing judged"


def test_a_reward_that_does_not_know_the_question_judges_nothing(make_question: Make) -> None:
    def only_chains(question: Question, text: str) -> Judgement:
        raise UsageFault(f"{question.family} has no steps that replay")

    question = make_question(0)
    judged = judge_completion(question, _completion(question, "<reasoning>1"), only_chains)
    assert not judged.owes_steps
    assert judged.verdict.valid_steps == 0.0


def test_completions_that_do_not_belong_are_refused(make_question: Make) -> None:
    one, other = make_question(0), make_question(1)
    with pytest.raises(CompletionsMismatch, match="which was not asked"):
        judge_all([one], [_completion(other, "")], None)
    with pytest.raises(CompletionsMismatch, match="has sample 0 twice"):
        judge_all([one], [_completion(one, ""), _completion(one, "")], None)
    with pytest.raises(CompletionsMismatch, match="of one checkpoint, got 2"):
        checkpoint_of([_completion(one, ""), _completion(other, "", model="b" * 64)])
    with pytest.raises(CompletionsMismatch, match="of one checkpoint, got 0"):
        checkpoint_of([])


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ([(0, 0)], "got none of question .* sample 0; 1 of 2 are missing"),
        ([(0, 0), (0, 1), (1, 1)], "got none of question .* sample 0; 1 of 4 are missing"),
        ([], "sample 0; 2 of 2 are missing"),
    ],
)
def test_every_question_that_was_asked_is_judged(
    make_question: Make, made: list[tuple[int, int]], message: str
) -> None:
    asked = [make_question(0), make_question(1)]
    completions = [_completion(asked[place], "", sample=sample) for place, sample in made]
    with pytest.raises(CompletionsMismatch, match=message):
        judge_all(asked, completions, None)


def _training() -> Training:
    return Training(
        model="m",
        objective="traces",
        parameters=1,
        base_weights="random:0",
        dataset_id="0" * 64,
        dataset_key="tiny-v1",
        config={},
        seed=0,
        device=Device(kind="cpu", count=1),
        steps=1,
        tokens=1,
        trained_tokens=1,
        wall_seconds=1.0,
        stopped_by="max_steps",
        losses=(Loss(step=1, loss=1.0, tokens=1),),
        checkpoints=(Checkpoint(step=1, path="checkpoints/000001", sha256=MODEL),),
        versions={},
        finished_at="2026-01-01T00:00:00Z",
    )


def test_completions_of_another_training_are_refused(make_question: Make) -> None:
    training, question = _training(), make_question(0)
    refuse_foreign([_completion(question, "")], training)
    with pytest.raises(CompletionsMismatch, match="which is none of m;"):
        refuse_foreign([_completion(question, "", model="b" * 64)], training)


def test_the_step_reward_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("step_validity", "math:sqrt", "tracemill.rewards")

    def installed(*, group: str, name: str) -> EntryPoints:
        return EntryPoints([entry]).select(group=group, name=name)

    monkeypatch.setattr(evaluation, "entry_points", installed)
    assert find_step_reward() is entry.load()
    assert step_reward_of(_training()) is entry.load()
    assert step_reward_of(_training().replace(objective="answers")) is None, "it shows no steps"
    monkeypatch.setattr(evaluation, "entry_points", lambda **_: EntryPoints([]))
    assert find_step_reward() is None
