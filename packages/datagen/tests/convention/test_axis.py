"""What a convention says of a program."""

from __future__ import annotations

from tracemill_datagen.convention.axis import Convention, Option
from tracemill_datagen.convention.turning import by_parameter
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench

MASS = call("column", TABLE, column="body_mass_g")
ONE = Option(name="ddof=1", statement="Use ddof = 1.", says=r"\bddof = 1\b")
NONE = Option(name="ddof=0", statement="Use ddof = 0.", says=r"\bddof = 0\b")


def convention(*, idle: bool = False) -> Convention:
    return Convention(
        axis="ddof",
        about="What is divided by.",
        options=(ONE, NONE),
        concerns="std",
        axis_of=None if idle else by_parameter("ddof", {"ddof=1": 1, "ddof=0": 0}),
    )


def std(ddof: int) -> Expression:
    return call("std", MASS, ddof=ddof)


def test_a_convention_names_the_options_that_a_program_has_taken(bench: Bench) -> None:
    both = call("ratio", std(0), std(1))
    assert convention().options_in(std(0), bench.sheet) == (NONE,)
    assert convention().options_in(both, bench.sheet) == (ONE, NONE)
    assert convention().options_in(call("mean", MASS), bench.sheet) == ()


def test_all_operations_of_a_program_are_rewritten_alike() -> None:
    both = call("ratio", std(0), std(1))
    assert convention().rewritten(both, ONE) == call("ratio", std(1), std(1))
    assert convention().rewritten(call("mean", MASS), ONE) == call("mean", MASS)


def test_a_convention_that_cannot_be_rewritten_leaves_programs_alone(bench: Bench) -> None:
    assert convention(idle=True).options_in(std(0), bench.sheet) == ()
    assert convention(idle=True).rewritten(std(0), ONE) == std(0)


def test_words_are_found_in_any_case() -> None:
    assert ONE.pattern.search("Use DDOF = 1 here")
    assert not ONE.pattern.search("use ddof = 10")
