from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_sandbox.kernel.bpf import ALLOW, KILL, Check, Rule, assemble, fail

X86, ARM = 0xC000003E, 0xC00000B7


@pytest.mark.parametrize(
    ("number", "arguments", "verdict"),
    [
        (0, (), ALLOW),
        (9, (), ALLOW),
        (10, (), fail(1)),
        (19, (), fail(1)),
        (20, (1,), ALLOW),
        (20, (3,), ALLOW),
        (20, (2,), fail(25)),
        (20, (1 << 32 | 1,), ALLOW),  # only 32 bits count
        (21, (0, 0xF5, 0), ALLOW),
        (21, (0, 0xF5, 1 << 32), fail(1)),
        (21, (0, 0xF6, 0), fail(1)),
        (21, (7, 0, 1 << 32), ALLOW),  # the other alternative
        (22, (), fail(38)),
        (0xFFFFFFFF, (), fail(38)),
    ],
)
def test_the_verdict_of_the_numbers_range_is_given(
    decide: Callable[..., int], number: int, arguments: tuple[int, ...], verdict: int
) -> None:
    low = Rule(either=((Check(argument=0, values=(1, 3)),),), otherwise=fail(25))
    pair = (Check(argument=1, values=(5,), mask=0xF), Check(argument=2, values=(0,), high=True))
    either = Rule(either=(pair, (Check(argument=0, values=(7,)),)), otherwise=fail(1))
    program = assemble(
        "x86_64", {0: ALLOW, 10: fail(1), 15: fail(1), 20: low, 21: either, 22: fail(38)}
    )
    assert decide(program, X86, number, *arguments) == verdict


@pytest.mark.parametrize("architecture", [ARM, 0x40000003, 0, 0x4000003E])
def test_calls_of_another_architecture_kill(decide: Callable[..., int], architecture: int) -> None:
    assert decide(assemble("x86_64", {0: ALLOW}), architecture, 39) == KILL


def test_jumps_over_more_than_255_instructions_are_right(decide: Callable[..., int]) -> None:
    many = {
        number: Rule(either=((Check(argument=0, values=(number, number + 1)),),), otherwise=fail(1))
        for number in range(600)
    }
    program = assemble("aarch64", many)
    assert len(program) // 8 > 2400
    for number in range(0, 600, 13):
        assert decide(program, ARM, number, number + 1) == ALLOW, number
        assert decide(program, ARM, number, number + 2) == fail(1), number


def test_a_program_that_the_kernel_would_not_take_is_refused() -> None:
    many = {
        n: Rule(either=((Check(argument=0, values=(n,)),),), otherwise=ALLOW) for n in range(999)
    }
    with pytest.raises(ValueError, match="filter: wanted at most 4096 steps, got 5013"):
        assemble("x86_64", many)
