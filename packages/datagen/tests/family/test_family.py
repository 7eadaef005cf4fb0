"""What every family of the catalogue keeps to."""

from __future__ import annotations

import itertools

import pytest

from tracemill_datagen.family.catalogue import FAMILIES, AnyFamily
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import WorkedStep, difficulty, result_of
from tracemill_schema.claim import OPERATORS

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@each_family
def test_solutions_are_deterministic_and_use_known_operators(family: AnyFamily) -> None:
    for index in range(50):
        first, second = (
            family.draw(Draws(seed=5, family=family.name, stream="t", index=index))
            for _ in range(2)
        )
        assert first == second
        solution = family.solve(first)
        assert solution == family.solve(second)
        assert {step.op for step in solution.steps} <= set(OPERATORS)


@each_family
def test_every_parameter_stands_in_every_wording(family: AnyFamily) -> None:
    parameters = family.draw(Draws(seed=5, family=family.name, stream="t", index=0))
    wordings = family.wordings(parameters)
    assert len(set(wordings)) == len(wordings)
    values = [v for v in parameters.to_values().values() if isinstance(v, str | int)]
    for wording, value in itertools.product(wordings, values):
        assert str(value) in wording


@each_family
def test_parameters_read_back_what_they_wrote(family: AnyFamily) -> None:
    parameters = family.draw(Draws(seed=5, family=family.name, stream="t", index=1))
    again = family.parameters.from_values(parameters.to_values(), where="test")
    assert again == parameters


def test_difficulty_counts_the_operands_read() -> None:
    one = WorkedStep(kind="compute", text="t", op="add", args=(1, 2), result=3)
    two = WorkedStep(kind="select", text="t", op="minimum", args=([3, 1, 2],), result=1)
    ref = WorkedStep(kind="compute", text="t", op="add", args=(result_of(0), 2), result=5)
    assert difficulty([one, two, ref]) == 7.0
