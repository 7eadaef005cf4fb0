"""The values between operators."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.program.datum import (
    Cells,
    Datum,
    Groups,
    Rows,
    close,
    flag_in,
    groups_in,
    label_of,
    labels_in,
    number_in,
    numbers_in,
    rows_in,
)


@pytest.mark.parametrize(
    ("take", "datum", "taken"),
    [
        (rows_in, Rows([1, 2]), [1, 2]),
        (groups_in, Groups({"a": 1}), {"a": 1}),
        (number_in, 2.5, 2.5),
        (flag_in, False, False),
        (numbers_in, Cells([1, None, 2.5]), [1, 2.5]),
        (labels_in, Cells(["a", None, 3]), ["a", 3]),
    ],
)
def test_operators_take_their_operands(
    take: Callable[[Datum], object], datum: Datum, taken: object
) -> None:
    assert take(datum) == taken


@pytest.mark.parametrize(
    ("take", "wrong", "message"),
    [
        (rows_in, 3, "wanted rows, got int"),
        (groups_in, Rows([]), "wanted groups, got Rows"),
        (number_in, "a", "wanted a number, got str"),
        (number_in, True, "wanted a number, got bool"),
        (flag_in, 1, "wanted a flag, got int"),
        (numbers_in, 3, "wanted a column, got int"),
        (label_of, 2.5, "wanted a label, got 2.5"),
    ],
)
def test_a_value_of_another_type_is_a_type_error(
    take: Callable[[Datum], object], wrong: Datum, message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        take(wrong)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [(1, 1.0, True), (0.1 + 0.2, 0.3, True), (1, 1.001, False), (0, 1e-12, False)],
)
def test_close_is_relative(left: float, right: float, *, same: bool) -> None:
    assert close(left, right) is same
