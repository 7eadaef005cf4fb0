"""Rewards: their values and reasons, and that they are found by name."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from tracemill_datagen import reward
from tracemill_datagen.family.catalogue import by_name
from tracemill_datagen.task import Task, generate
from tracemill_schema.reward import REWARD_GROUP


@pytest.fixture(scope="module")
def task() -> Task:
    return next(iter(generate(by_name("modular_chain"), seed=0, count=1)))


def written(task: Task, *, steps: int = 6, answer: str | None = None) -> str:
    trace = task.trace.record
    lines = "\n".join(step.content for step in trace.steps[:steps])
    return f"<reasoning>{lines}</reasoning><answer>{answer or trace.final_answer}</answer>"


def test_the_rewards_are_entry_points() -> None:
    found = {each.name: each.load() for each in entry_points(group=REWARD_GROUP)}
    assert found["answer"] is reward.answer
    assert found["format"] is reward.formatted
    assert found["step_validity"] is reward.step_validity


def test_a_right_completion_earns_everything(task: Task) -> None:
    text = written(task)
    for judge in (reward.answer, reward.formatted, reward.step_validity):
        assert judge(task.question.record, text).value == 1.0


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("<answer>7</answer>", 1.0, "correct"),
        ("<answer>7.0 </answer>", 1.0, "correct"),
        ("<answer>21</answer>", 0.0, "wrong: expected 7, got 21"),
        ("<answer>7 or 8</answer>", 0.0, "wrong: expected one number, got 7 or 8"),
        ("7", 0.0, "there is no one pair of answer tags"),
    ],
)
def test_the_answer_counts_only_as_a_whole(
    task: Task, text: str, value: float, reason: str
) -> None:
    assert task.trace.record.final_answer == "7"
    judgement = reward.answer(task.question.record, text)
    assert (judgement.value, judgement.reason) == (value, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<reasoning>a</reasoning>\n<answer>7</answer>\n", "well formed"),
        ("<reasoning>a</reasoning>", "there is no one pair of answer tags"),
        ("<answer>7</answer>", "there is no one pair of reasoning tags"),
        ("<reasoning> </reasoning><answer>7</answer>", "the tags are empty"),
        ("<answer>7</answer><reasoning>a</reasoning>",
         "there is text outside the tags, or they are mixed up"),
        ("So: <reasoning>a</reasoning><answer>7</answer>",
         "there is text outside the tags, or they are mixed up"),
    ],
)  # fmt: skip
def test_the_format_is_two_pairs_of_tags_and_nothing_else(
    task: Task, text: str, reason: str
) -> None:
    judgement = reward.formatted(task.question.record, text)
    assert judgement.reason == reason
    assert judgement.value == float(reason == "well formed")


@pytest.mark.parametrize(
    ("steps", "answer", "value"), [(6, None, 1.0), (6, "9", 6 / 7), (3, None, 3 / 4), (0, None, 0)]
)
def test_steps_and_the_end_in_the_answer_share_the_reward(
    task: Task, steps: int, answer: str | None, value: float
) -> None:
    text = written(task, steps=steps, answer=answer)
    assert reward.step_validity(task.question.record, text).value == pytest.approx(value)


def test_a_true_step_that_nothing_needs_costs_the_reward() -> None:
    made = next(iter(generate(by_name("percent"), seed=0, count=1)))
    whole = made.question.record.parameters["whole"]
    junk = f"{whole}+{whole}={2 * int(str(whole))}\n"
    text = written(made, steps=2).replace("<reasoning>", f"<reasoning>{junk}")
    judgement = reward.step_validity(made.question.record, text)
    assert judgement.value == 0.0
    assert judgement.reason.endswith("which no later step uses")


def test_the_reason_names_the_first_wrong_step(task: Task) -> None:
    judgement = reward.step_validity(task.question.record, "<reasoning>hm</reasoning>")
    assert judgement.reason == "step 0 is not a step of modular_chain: 'hm'"
