"""Tail probabilities by our own formulas against scipy's, on a grid."""

from __future__ import annotations

import pytest
from scipy.special import ndtr

from tracemill_datagen.program.operators.tail import (
    SQL_FUNCTIONS,
    chi_square_p,
    normal_below,
    normal_p,
    own_chi_square_p,
    own_normal_below,
    own_normal_p,
    own_student_p,
    student_p,
)

STATISTICS = (0.0, 1e-6, 0.01, 0.3, 0.9, 1.0, 1.7, 2.0, 2.6, 2.9, 3.5, 5.0, 8.0, 14.0, 30.0)
DEGREES = (1, 1.7, 2, 3, 5, 8.25, 13, 30, 77.7, 120, 999, 20_000)


@pytest.mark.parametrize("z", STATISTICS)
def test_normal_tails_are_scipys(z: float) -> None:
    for signed in (z, -z):
        assert own_normal_p(signed) == pytest.approx(normal_p(signed), rel=1e-10, abs=1e-300)
        assert own_normal_below(signed) == pytest.approx(normal_below(signed), rel=1e-10)
        assert normal_p(signed) == pytest.approx(2 * ndtr(-z), rel=1e-12)
        assert normal_below(signed) == pytest.approx(ndtr(signed), rel=1e-12)


@pytest.mark.parametrize("df", DEGREES)
@pytest.mark.parametrize("t", STATISTICS)
def test_student_tail_is_scipys(t: float, df: float) -> None:
    for signed in (t, -t):
        wanted = student_p(signed, df)
        assert own_student_p(signed, df) == pytest.approx(wanted, rel=1e-9, abs=1e-290)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 6, 9, 20, 57, 200, 841])
@pytest.mark.parametrize("x", [0.0, 1e-6, 0.1, 0.9, 2.5, 7.0, 19.0, 55.0, 210.0, 800.0])
def test_chi_square_tail_is_scipys(x: float, df: int) -> None:
    assert own_chi_square_p(x, df) == pytest.approx(chi_square_p(x, df), rel=1e-9, abs=1e-290)


def test_known_values_of_the_tables() -> None:
    """The 5 % points that every textbook prints."""
    assert normal_p(1.959963985) == pytest.approx(0.05, abs=1e-9)
    assert student_p(2.228138852, 10) == pytest.approx(0.05, abs=1e-9)
    assert chi_square_p(3.841458821, 1) == pytest.approx(0.05, abs=1e-9)


def test_nothing_gives_nothing() -> None:
    for _, arguments, function in SQL_FUNCTIONS:
        assert function(*[None] * arguments) is None
    assert own_student_p(1.0, 0) is None
    assert own_chi_square_p(1.0, 0) is None
