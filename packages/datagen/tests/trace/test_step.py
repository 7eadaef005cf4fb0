from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.hook import ground
from tracemill_datagen.trace.step import MAX_SHOWN, expression_of, steps_of
from tracemill_sandbox.result import Binding
from tracemill_schema.canonical import Value, content_id
from tracemill_schema.claim import Claim, StepRef

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode, Hook


def hooks_of(*lines: tuple[str, Value]) -> tuple[Hook, ...]:
    """Return the hooks of lines of code with the values that they gave."""
    code = "\n".join(line for line, _ in lines)
    return ground(
        code,
        [
            Binding(
                line_number=number,
                name=line.split(" ")[0],
                value=value,
                value_hash=content_id(value),
            )
            for number, (line, value) in enumerate(lines, start=1)
        ],
    ).hooks


def test_each_hook_is_a_step_in_words_and_arithmetic_is_claimed(
    episodes: dict[str, Episode],
) -> None:
    steps = steps_of(episodes["share"].turns[0].hooks, unit="%")
    assert [(step.i, step.type, step.content) for step in steps] == [
        (0, "read", "table: the table = <6 rows, 3 columns>"),
        (1, "compute", "rows_blue: the rows of table where 'kind' is 'blue' = <3 rows, 3 columns>"),
        (2, "compute", "part: the number of items in rows_blue = 3"),
        (3, "compute", "whole: the number of items in table = 6"),
        (4, "compute", "share.1: 100 times part = 300"),
        (5, "compute", "share: (100 times part) divided by whole = 50.0"),
        (6, "conclude", "answer: share rounded to 2 decimals = 50.0 %"),
    ]
    assert [step.claim for step in steps[2:]] == [
        Claim(op="quote", args=(3,), result=3),
        Claim(op="quote", args=(6,), result=6),
        Claim(op="multiply", args=(100, StepRef(step=2)), result=300),
        Claim(op="divide", args=(StepRef(step=4), StepRef(step=3)), result=50.0),
        Claim(op="round", args=(StepRef(step=5), 2), result=50.0),
    ]


@pytest.mark.parametrize(
    ("lines", "op"),
    [
        ([("a = f()", 5), ("b = f()", 2), ("c = a - b", 3)], "subtract"),
        ([("a = f()", 5), ("c = int(a)", 5)], "quote"),
        ([("a = f()", "x"), ("c = str(a)", "x")], "quote"),
        ([("a = f()", 5), ("c = a - elsewhere", 3)], "quote"),
        ([("a = f()", [1, 2]), ("c = a + 1", [2, 3])], "quote"),
        ([("a = f()", 1e6 + 0.1), ("b = f()", 1e6), ("c = a - b", 1e6 + 0.1 - 1e6)], "quote"),
        ([("a = f()", 2.5), ("c = round(a, 0)", 3.0)], "quote"),
    ],
)
def test_what_does_not_replay_exactly_is_quoted(lines: list[tuple[str, Value]], op: str) -> None:
    last = steps_of(hooks_of(*lines), unit=None)[-1]
    assert last.claim is not None
    assert last.claim.op == op
    assert last.claim.result == lines[-1][1]


def test_a_quote_of_an_earlier_step_refers_to_it() -> None:
    steps = steps_of(hooks_of(("a = f()", 5), ("answer = int(a)", 5)), unit=None)
    assert steps[1].claim == Claim(op="quote", args=(StepRef(step=0),), result=5)


def test_an_inner_step_that_leads_nowhere_is_taken_back() -> None:
    lines: list[tuple[str, Value]] = [("a = f()", 3), ("b = 100 * a / a", 99.0)]
    assert [step.content for step in steps_of(hooks_of(*lines), unit=None)] == [
        "a: `f()` = 3",
        "b: (100 times a) divided by a = 99.0",
    ]


def test_a_name_bound_again_means_its_latest_value() -> None:
    lines: list[tuple[str, Value]] = [("a = f()", 1), ("a = f()", 2), ("b = a + 1", 3)]
    claim = steps_of(hooks_of(*lines), unit=None)[-1].claim
    assert claim == Claim(op="add", args=(StepRef(step=1), 1), result=3)


def test_a_long_value_is_cut_in_the_text_but_whole_in_the_claim() -> None:
    value = list(range(200))
    (step,) = steps_of(hooks_of(("a = f()", value)), unit=None)
    assert len(step.content) == len("a: `f()` = ") + MAX_SHOWN
    assert step.content.endswith("...")
    assert step.claim is not None
    assert step.claim.result == value


def test_a_line_that_is_no_assignment_is_refused() -> None:
    (hook,) = hooks_of(("a = f()", 1))
    with pytest.raises(ValueError, match="'print\\(a\\)' is not an assignment"):
        expression_of(hook.replace(code_line="print(a)"))
