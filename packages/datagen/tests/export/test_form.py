"""The forms: what a line of each looks like."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.export.form import EXPORT_FORMS, by_name
from tracemill_datagen.family import catalogue
from tracemill_datagen.task import Task, item


@pytest.fixture(scope="module")
def task() -> Task:
    return item(catalogue.by_name("percent"), seed=0, stream="pool", index=0)


def line(task: Task, form: str) -> dict[str, object]:
    return by_name(form).record(task.question.record, task.trace.record).to_values()


def reply(task: Task) -> str:
    trace = task.trace.record
    steps = "\n".join(step.content for step in trace.steps)
    return f"<reasoning>{steps}</reasoning><answer>{trace.final_answer}</answer>"


def test_raw_traces_are_the_records_themselves(task: Task) -> None:
    assert line(task, "trace") == task.trace.record.to_values()


def test_sft_text_marks_what_the_loss_looks_at(task: Task) -> None:
    values = line(task, "sft")
    text, span = str(values["text"]), values["span"]
    assert isinstance(span, dict)
    assert text[: span["start"]] == task.trace.record.prompt + "\n"
    assert text[span["start"] : span["end"]] == reply(task)


def test_the_answer_form_has_no_steps(task: Task) -> None:
    answer = f"<answer>{task.trace.record.final_answer}</answer>"
    assert line(task, "answer")["text"] == f"{task.trace.record.prompt}\n{answer}"


def test_chat_is_two_messages(task: Task) -> None:
    assert line(task, "chat")["messages"] == [
        {"role": "user", "content": task.trace.record.prompt},
        {"role": "assistant", "content": reply(task)},
    ]


def test_prompts_carry_what_counts_as_correct_and_no_steps(task: Task) -> None:
    values = line(task, "prompt")
    assert values["prompt"] == task.trace.record.prompt
    assert values["answers"] == task.question.record.to_values()["answers"]
    assert "steps" not in values


def test_the_licence_travels_with_every_form(task: Task) -> None:
    assert len({form.name for form in EXPORT_FORMS}) == len(EXPORT_FORMS) == 5
    for form in EXPORT_FORMS:
        assert b"CC0-1.0" in form.record(task.question.record, task.trace.record).to_bytes()


def test_an_unknown_form_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadRequest) as caught:
        by_name("chats")
    assert str(caught.value) == (
        "no export form is called 'chats'; did you mean 'chat'? "
        "There are: trace, sft, answer, chat, prompt"
    )
