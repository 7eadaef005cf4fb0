"""The forms in which traces are exported, in one table."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tracemill_datagen.errors import BadRequest
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import ContentHash
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    CLOSE_REASONING,
    OPEN_ANSWER,
    OPEN_REASONING,
)
from tracemill_schema.example import example_of
from tracemill_schema.question import AdmissibleAnswer, Question
from tracemill_schema.record import Name, Record
from tracemill_schema.trace import Trace


class Message(Record):
    """One turn of a chat."""

    role: Literal["user", "assistant"]
    content: str


class ChatLine(Record):
    """A trace as a chat of two turns."""

    messages: tuple[Message, ...]
    trace_id: ContentHash
    licence: str


class PromptLine(Record):
    """What reinforcement learning needs: the prompt and what counts as correct."""

    prompt: str
    question_id: ContentHash
    family: Name
    answer_spec: AnswerSpec
    answers: tuple[AdmissibleAnswer, ...]
    licence: str


@dataclass(frozen=True, kw_only=True)
class ExportForm:
    """One form: its name on the command line, a sentence, and the record it makes of a trace."""

    name: str
    summary: str
    record: Callable[[Question, Trace], Record]


def _chat(_question: Question, trace: Trace) -> ChatLine:
    steps = "\n".join(step.content for step in trace.steps)
    reply = (
        f"{OPEN_REASONING}{steps}{CLOSE_REASONING}{OPEN_ANSWER}{trace.final_answer}{CLOSE_ANSWER}"
    )
    return ChatLine(
        messages=(
            Message(role="user", content=trace.prompt),
            Message(role="assistant", content=reply),
        ),
        trace_id=trace.id,
        licence=trace.provenance.licence,
    )


def _prompt(question: Question, trace: Trace) -> PromptLine:
    return PromptLine(
        prompt=trace.prompt,
        question_id=question.id,
        family=question.family,
        answer_spec=question.answer_spec,
        answers=question.answers,
        licence=trace.provenance.licence,
    )


EXPORT_FORMS: tuple[ExportForm, ...] = (
    ExportForm(
        name="trace",
        summary="raw traces, trace.v1",
        record=lambda _, trace: trace,
    ),
    ExportForm(
        name="sft",
        summary="text with steps and answer in tags and the span of the loss, example.v1",
        record=lambda _, trace: example_of(trace, "trace"),
    ),
    ExportForm(
        name="answer",
        summary="text with the bare answer and the span of the loss, example.v1",
        record=lambda _, trace: example_of(trace, "answer"),
    ),
    ExportForm(
        name="chat",
        summary="messages of user and assistant",
        record=_chat,
    ),
    ExportForm(
        name="prompt",
        summary="prompts with their admissible answers, for reinforcement learning",
        record=_prompt,
    ),
)


def by_name(name: str) -> ExportForm:
    """Return a form.

    Raises:
        BadRequest: if there is none of that name; the message says the nearest one and all.
    """
    for form in EXPORT_FORMS:
        if form.name == name:
            return form
    known = [form.name for form in EXPORT_FORMS]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise BadRequest(f"no export form is called {name!r}{hint} There are: {', '.join(known)}")
