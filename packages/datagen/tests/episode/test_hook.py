from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracemill_datagen.episode.hook import MAX_BYTES, ground, hook_defects
from tracemill_datagen.episode.run import code_hash
from tracemill_sandbox.result import Binding
from tracemill_schema.canonical import Value, content_id
from tracemill_schema.episode import Execution, Hook, Turn

CODE = "x = 1\ny = 2\nz = x + y\nanswer = z\n"


def binding(line: int, name: str, value: Value) -> Binding:
    return Binding(line_number=line, name=name, value=value, value_hash=content_id(value))


BINDINGS = (
    binding(1, "x", 1),
    binding(2, "y", 2),
    binding(3, "z", 3),
    binding(4, "answer", 3),
)


def turn(code: str, hooks: tuple[Hook, ...], *, ok: bool = True) -> Turn:
    execution = Execution(
        ok=ok, code_hash=code_hash(code), stdout="", stderr="", truncation=False, seconds=0.0
    )
    return Turn(i=0, reasoning="", code=code, execution=execution, hooks=hooks, correction=None)


def hooks_of(code: str, *bindings: Binding) -> tuple[Hook, ...]:
    return ground(code, bindings).hooks


def test_each_hook_has_its_line_its_value_and_what_the_line_reads() -> None:
    found = hooks_of(CODE, *BINDINGS)
    assert [(h.name, h.line_number, h.code_line, h.depends_on) for h in found] == [
        ("x", 1, "x = 1", ()),
        ("y", 2, "y = 2", ()),
        ("z", 3, "z = x + y", ("x", "y")),
        ("answer", 4, "answer = z", ("z",)),
    ]
    assert [hook.value for hook in found] == [1, 2, 3, 3]
    assert hook_defects(turn(CODE, found)) == ()


@pytest.mark.parametrize(
    ("code", "bound", "reason"),
    [
        ("x = 1", binding(2, "x", 1), "line 2 does not bind 'x' alone"),
        ("x = 1", binding(1, "y", 1), "line 1 does not bind 'y' alone"),
        ("x = 1; y = 2", binding(1, "x", 1), "line 1 does not bind 'x' alone"),
        ("for x in range(3):\n    y = x", binding(2, "y", 2), "line 2 does not bind 'y' alone"),
    ],
)
def test_a_binding_that_no_line_explains_is_rejected(
    code: str, bound: Binding, reason: str
) -> None:
    grounding = ground(code, [bound])
    assert grounding.hooks == ()
    assert grounding.rejected == (reason,)


@pytest.mark.parametrize("value", [0, 0.0, False, {}, [], "", None])
def test_falsy_values_hash_to_themselves_and_not_to_null(value: Value) -> None:
    code = f"answer = {value!r}\n"
    (hook,) = hooks_of(code, binding(1, "answer", value))
    assert hook.value == value
    assert type(hook.value) is type(value)
    assert hook.value_hash == content_id(value)
    assert (hook.value_hash == content_id(None)) is (value is None)
    assert hook_defects(turn(code, (hook,))) == ()
    changed = hook.replace(value=1 if value is None else None)
    assert [defect.kind for defect in hook_defects(turn(code, (changed,)))] == ["number"]


@given(st.permutations(range(4)), st.sets(st.integers(min_value=0, max_value=3)))
def test_hooks_are_believed_only_whole_and_in_order(order: list[int], kept: set[int]) -> None:
    found = hooks_of(CODE, *BINDINGS)
    chosen = tuple(found[index] for index in order if index in kept)
    assert (hook_defects(turn(CODE, chosen)) == ()) is (chosen == found)


@pytest.mark.parametrize(
    ("at", "change", "defect"),
    [
        (
            0,
            {"code_line": "x = 10"},
            "forged_hook at /turns/0/hooks/0: wanted 'x = 1' on line 1, got x by 'x = 10'",
        ),
        (
            0,
            {"name": "w"},
            "forged_hook at /turns/0/hooks/0: wanted 'x = 1' on line 1, got w by 'x = 1'",
        ),
        (
            3,
            {"depends_on": ("x",)},
            """forged_hook at /turns/0/hooks/3/depends_on: \
wanted the names that the line reads: z, got x""",
        ),
        (
            2,
            {"value": 4, "value_hash": content_id(4)},
            "number at /turns/0/hooks/2/value: wanted 3 by 'z = x + y', got 4",
        ),
        (
            2,
            {"value": 4},
            f"""number at /turns/0/hooks/2/value: \
wanted the value with hash {content_id(3)[:16]}, got 4""",
        ),
    ],
)
def test_a_changed_hook_is_named(at: int, change: dict[str, object], defect: str) -> None:
    found = list(hooks_of(CODE, *BINDINGS))
    found[at] = found[at].replace(**change)
    assert defect in [str(item) for item in hook_defects(turn(CODE, tuple(found)))]


def test_hooks_in_another_order_than_their_lines_are_named() -> None:
    first, second, *rest = hooks_of(CODE, *BINDINGS)
    found = [str(item) for item in hook_defects(turn(CODE, (second, first, *rest)))]
    assert found == ["order at /turns/0/hooks: wanted ascending lines, got lines [2, 1, 3, 4]"]


def test_two_hooks_on_one_line_are_named() -> None:
    first, *rest = hooks_of(CODE, *BINDINGS)
    found = [str(item) for item in hook_defects(turn(CODE, (first, first, *rest)))]
    assert found == ["forged_hook at /turns/0/hooks: wanted one hook a line, got two on lines [1]"]


def test_white_space_in_the_line_does_not_matter() -> None:
    code = "x   =\t1\n"
    (hook,) = hooks_of(code, binding(1, "x", 1))
    spaced = hook.replace(code_line="x =   1")
    assert hook_defects(turn(code, (spaced,))) == ()


def test_after_a_failed_execution_the_hooks_end_where_it_failed() -> None:
    found = hooks_of(CODE, *BINDINGS)
    assert hook_defects(turn(CODE, found[:2], ok=False)) == ()
    assert [d.kind for d in hook_defects(turn(CODE, found[:2]))] == ["dropped_step"] * 2


@pytest.mark.parametrize(
    ("value", "summary"),
    [
        (
            {"columns": ["a"], "rows": [[i] for i in range(1000)]},
            "<1000 rows, 1 columns>",
        ),
        (list(range(1000)), "<list of 1000 items>"),
        ({str(i): i for i in range(1000)}, "<mapping of 1000 entries>"),
        ("x" * (MAX_BYTES + 1), f"<text of {MAX_BYTES + 1} characters>"),
    ],
)
def test_a_large_value_is_summarised_with_the_hash_of_the_whole(value: Value, summary: str) -> None:
    (hook,) = hooks_of("x = f()", binding(1, "x", value))
    assert (hook.value, hook.coverage) == (summary, "summary")
    assert hook.value_hash == content_id(value)
    assert hook_defects(turn("x = f()", (hook,))) == ()


def test_the_answer_is_always_whole() -> None:
    value = list(range(1000))
    (hook,) = hooks_of("answer = f()", binding(1, "answer", value))
    assert (hook.value, hook.coverage) == (value, "whole")


def test_a_summary_of_the_sandbox_is_shortened_to_the_type() -> None:
    large = Binding(
        line_number=1,
        name="x",
        value='<pandas.DataFrame> {"columns":["a"',
        value_hash="0" * 64,
        coverage="summary",
    )
    assert hooks_of("x = f()", large)[0].value == "<pandas.DataFrame>"
