"""Conventions of statistics change real answers, and both engines agree on each of them."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.axis import Convention
from tracemill_datagen.convention.statistic import STATISTICS
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench


def column(species: str) -> Expression:
    rows = call("filter_equal", TABLE, column="species", value=species)
    return call("column", rows, column="bill_depth_mm")


A, B = column("Adelie"), column("Chinstrap")
ALL = call("column", TABLE, column="body_mass_g")
PROGRAMS: dict[str, Expression] = {
    "test": call("student_p", A, B),
    "continuity": call("mann_whitney_p", A, B, continuity="yes"),
    "correction": call(
        "chi_square",
        call("filter_not_equal", TABLE, column="island", value="Dream"),
        x="island",
        y="species",
        correction="yes",
    ),
    "U": call("mann_whitney_u", A, column("Gentoo"), of="first"),
    "skewness": call("skewness", ALL, definition="sample"),
    "kurtosis": call("kurtosis", ALL, definition="sample"),
}


def test_every_axis_has_a_program() -> None:
    assert {convention.axis for convention in STATISTICS} == set(PROGRAMS)


@pytest.mark.parametrize("convention", STATISTICS, ids=lambda c: c.axis)
def test_options_give_different_answers(bench: Bench, convention: Convention) -> None:
    program = PROGRAMS[convention.axis]
    decimals = 2 if convention.axis == "U" else 6
    answers = [
        bench.confirmed(convention.rewritten(program, option), decimals)
        for option in convention.options
    ]
    assert len({str(answer) for answer in answers}) == len(answers)
