"""The checker: clean chains pass, and every kind of corruption is caught at its index."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from tracemill_datagen.check import MOST_STEPS, ChainReport, check_text, check_trace
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family.catalogue import FAMILIES, AnyFamily, by_name
from tracemill_datagen.task import Task, generate
from tracemill_datagen.trace.build import build_trace
from tracemill_schema.claim import Claim, StepFault, StepRef
from tracemill_schema.episode import Episode
from tracemill_schema.question import Question
from tracemill_schema.table import Table
from tracemill_schema.trace import Trace

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
PER_FAMILY = 40
Corrupt = Callable[[Task, random.Random], tuple[list[str], int] | None]


def completion(lines: Sequence[str], answer: str) -> str:
    steps = "\n".join(lines)
    return f"<reasoning>{steps}</reasoning><answer>{answer}</answer>"


def lines_of(task: Task) -> list[str]:
    return [step.content for step in task.trace.record.steps]


def other(character: str) -> str:
    """The next digit or letter."""
    if character.isdigit():
        return str((int(character) + 1) % 10)
    return chr((ord(character) - ord("a") + 1) % 26 + ord("a"))


def wrong_number(task: Task, rng: random.Random) -> tuple[list[str], int] | None:
    lines = lines_of(task)
    k = rng.randrange(len(lines))
    changed = lines[k][:-1] + other(lines[k][-1])
    return [*lines[:k], changed, *lines[k + 1 :]], k


def reordered(task: Task, rng: random.Random) -> tuple[list[str], int] | None:
    """Swap two neighbours of which the second starts from the result of the first."""
    lines = lines_of(task)
    pairs = [
        k
        for k in range(len(lines) - 1)
        if lines[k] != lines[k + 1] and (k in refers_to(task, k + 1) or not chained(task))
    ]
    if not pairs:
        return None
    k = rng.choice(pairs)
    return [*lines[:k], lines[k + 1], lines[k], *lines[k + 2 :]], k


def dropped(task: Task, rng: random.Random) -> tuple[list[str], int] | None:
    """Leave one out: it is missed by the first step that refers to it, or by the next column."""
    lines = lines_of(task)
    k = rng.randrange(len(lines))
    left = [*lines[:k], *lines[k + 1 :]]
    later = range(k + 1, len(lines))
    missed = next((m - 1 for m in later if k in refers_to(task, m)), k)
    if " mod 10" in lines[k] and "+" not in lines[k]:
        missed = k + 1
    while missed < len(left) and left[missed] == lines[missed]:
        missed += 1
    return left, missed


def refers_to(task: Task, index: int) -> set[int]:
    claim = task.trace.record.steps[index].claim
    assert claim is not None
    return {arg.step for arg in claim.args if isinstance(arg, StepRef)}


def chained(task: Task) -> bool:
    return any(refers_to(task, k) for k in range(len(task.trace.record.steps)))


def unsupported(task: Task, rng: random.Random) -> tuple[list[str], int] | None:
    lines = lines_of(task)
    k = rng.randrange(len(lines))
    return [*lines[:k], "this is obviously right", *lines[k + 1 :]], k


@each_family
@pytest.mark.parametrize("corrupt", [wrong_number, reordered, dropped, unsupported])
def test_every_corruption_is_caught_at_its_index(family: AnyFamily, corrupt: Corrupt) -> None:
    rng = random.Random(f"{family.name}/{corrupt.__name__}")  # noqa: S311 - a reproducible choice
    caught = 0
    for task in generate(family, seed=3, count=PER_FAMILY):
        injected = corrupt(task, rng)
        if injected is None:
            continue
        lines, index = injected
        report = check_text(task.question.record, completion(lines, task.trace.record.final_answer))
        assert report.fault is not None, lines
        assert report.fault.step == report.valid == index, (lines, report)
        assert not report.answer_consistent
        caught += 1
    assert caught >= PER_FAMILY // 2


@each_family
def test_a_swapped_answer_is_caught_after_the_last_step(family: AnyFamily) -> None:
    tasks = list(generate(family, seed=4, count=20))
    for task, neighbour in zip(tasks, tasks[1:] + tasks[:1], strict=True):
        answer = neighbour.trace.record.final_answer
        if answer == task.trace.record.final_answer:
            continue
        report = check_text(task.question.record, completion(lines_of(task), answer))
        assert report.fault is not None
        assert report.fault.step == report.total == report.valid


@each_family
def test_clean_traces_raise_no_alarm(family: AnyFamily) -> None:
    for task in generate(family, seed=9, count=PER_FAMILY):
        trace = task.trace.record
        text = completion(lines_of(task), trace.final_answer)
        assert check_text(task.question.record, text) == ChainReport(
            valid=len(trace.steps), total=len(trace.steps), fault=None, answer_consistent=True
        )


@pytest.fixture(scope="module")
def chain() -> Task:
    return next(iter(generate(by_name("modular_chain"), seed=0, count=1)))


NO_TAGS = "there is no one pair of reasoning tags"
NO_END = "the steps end before the question is answered"
NO_STEP = "is not a step of modular_chain: "


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NO_TAGS),
        ("<answer>7</answer>", NO_TAGS),
        ("<reasoning>" * 2 + "</reasoning><answer>7</answer>", NO_TAGS),
        ("<reasoning></reasoning><answer>7</answer>", NO_END),
        ("<reasoning>\n \n</reasoning><answer>7</answer>", NO_END),
        ("<reasoning>\x00</reasoning><answer>7</answer>", NO_STEP + "'\\x00'"),
        ("<reasoning>" + "9" * 9_000 + "=1</reasoning>", NO_STEP + repr("9" * 80)),
    ],
)
def test_bad_text_is_judged_never_raised(chain: Task, text: str, reason: str) -> None:
    report = check_text(chain.question.record, text)
    assert report.fault == StepFault(step=0, reason=reason)
    assert report.share == 0.0


def test_a_missing_answer_is_named(chain: Task) -> None:
    lines = "\n".join(lines_of(chain))
    report = check_text(chain.question.record, f"<reasoning>{lines}</reasoning>")
    assert report.fault == StepFault(step=6, reason="there is no one pair of answer tags")
    assert report.share == 6 / 7


def test_endless_steps_are_cut_off(chain: Task) -> None:
    report = check_text(chain.question.record, completion(["x"] * (MOST_STEPS + 1), "7"))
    assert report.fault == StepFault(step=MOST_STEPS, reason="there are more than 1000 steps")


def test_a_chain_that_shows_something_else_is_not_an_answer(chain: Task) -> None:
    gold = chain.question.record.answers[0].replace(value=99)
    other_question = chain.question.record.replace(answers=(gold,))
    trace = chain.trace.record
    fault = check_trace(other_question, trace)
    reason = f"the steps give {trace.final_answer}, which is not an answer to the question"
    assert fault == StepFault(step=6, reason=reason)


def edited(trace: Trace, index: int, **changes: object) -> Trace:
    steps = list(trace.steps)
    steps[index] = steps[index].replace(**changes)
    return trace.replace(steps=tuple(steps))


def test_text_and_claim_of_a_trace_must_say_the_same(chain: Task) -> None:
    trace = chain.trace.record
    assert check_trace(chain.question.record, trace) is None
    content = trace.steps[2].content[:-1] + other(trace.steps[2].content[-1])
    fault = check_trace(chain.question.record, edited(trace, 2, content=content))
    assert fault is not None
    assert fault.step == 2
    assert fault.reason.startswith(f"says {content!r}, but claims [")


def test_a_false_claim_and_a_missing_one_are_caught(chain: Task) -> None:
    trace = chain.trace.record
    claim = Claim(op="add_mod", args=(StepRef(step=2), 1, 10), result=99)
    fault = check_trace(chain.question.record, edited(trace, 3, claim=claim))
    assert fault is not None
    assert fault.step == 3
    none = check_trace(chain.question.record, edited(trace, 1, claim=None))
    assert none is not None
    assert none.step == 1


def test_a_question_about_a_table_is_not_checked_as_a_chain(chain: Task) -> None:
    question = chain.question.record.replace(table_id="0" * 64)
    trace = chain.trace.record
    with pytest.raises(BadRequest, match=r"is about a table \(family modular_chain\)"):
        check_text(question, "")
    fault = check_trace(question, trace)
    assert fault is not None
    assert fault.step == 0
    assert fault.reason.startswith(f"ends in {trace.steps[0].content!r}, but claims ")


@pytest.fixture
def table_trace(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> tuple[Question, Trace]:
    return questions["share"], build_trace(accepted["share"], questions["share"], table)


@pytest.mark.sandbox
def test_honest_traces_about_a_table_hold(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    for family, episode in accepted.items():
        trace = build_trace(episode, questions[family], table)
        assert check_trace(questions[family], trace) is None, family


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("index", "changes", "reason"),
    [
        (0, {"claim": None}, "carries no claim"),
        (2, {"content": "mean: the maximum = 999"},
         "ends in 'mean: the maximum = 999', but claims 3: wanted ' = 3' at its end"),
        (2, {"content": "so it is"}, "ends in 'so it is', but claims 3: wanted ' = 3' at its end"),
        (6, {"content": "answer: share = 50.0 g"},
         "ends in 'answer: share = 50.0 g', but claims 50.0: wanted ' = 50.0 %' at its end"),
    ],
)  # fmt: skip
def test_a_step_about_a_table_claims_what_its_text_ends_in(
    table_trace: tuple[Question, Trace], index: int, changes: dict[str, object], reason: str
) -> None:
    question, trace = table_trace
    fault = check_trace(question, edited(trace, index, **changes))
    assert fault == StepFault(step=index, reason=reason)


@pytest.mark.sandbox
def test_the_answer_of_a_table_trace_is_the_one_of_its_last_step(
    table_trace: tuple[Question, Trace],
) -> None:
    question, trace = table_trace
    wrong = trace.replace(final_answer="49.0")
    reason = "wrong: expected 50.0 to 2 decimals, got 49.0"
    found = check_trace(question, wrong)
    assert found is not None
    assert (found.step, found.reason) == (7, reason)
    claim = Claim(op="quote", args=(49.0,), result=49.0)
    other_end = edited(trace, 6, content="answer: share = 49.0 %", claim=claim)
    assert check_trace(question, other_end) == StepFault(
        step=7, reason="the steps give 49.0, the answer says 50.0"
    )
    renamed = edited(trace, 6, content="end: share = 50.0")
    assert check_trace(question, renamed) == StepFault(step=7, reason="no step gives the answer")
