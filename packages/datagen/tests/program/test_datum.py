"""The values between operators."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracemill_datagen.program.datum import (
    Cells,
    Datum,
    Groups,
    Rows,
    cells_in,
    close,
    flag_in,
    groups_in,
    label_of,
    number_in,
    numbers_in,
    rows_in,
)
from tracemill_datagen.table.sheet import SheetColumn


@pytest.mark.parametrize(
    ("take", "datum", "taken"),
    [
        (groups_in, Groups({"a": 1}), {"a": 1}),
        (number_in, 2.5, 2.5),
        (flag_in, False, False),
    ],
)
def test_operators_take_their_operands(
    take: Callable[[Datum], object], datum: Datum, taken: object
) -> None:
    assert take(datum) == taken


def test_columns_are_taken_without_the_cells_that_have_no_value() -> None:
    mass = SheetColumn(name="mass", kind="number", values=(1.5, None, 2.5, 1.5, 9.0))
    cells = Cells(mass, np.array([1, 2, 3]))
    assert cells_in(cells).filled.tolist() == [2, 3]
    assert numbers_in(cells).tolist() == [2.5, 1.5]
    assert [mass.levels[code] for code in cells.codes] == [2.5, 1.5]
    assert cells.empty == 1


def test_columns_are_equal_by_their_cells() -> None:
    mass = SheetColumn(name="mass", kind="number", values=(1.5, None, 2.5, 1.5))
    copy = SheetColumn(name="copy", kind="number", values=(2.5, None, 1.5, 9.0))
    assert Cells(mass, np.array([0, 1])) == Cells(mass, np.array([3, 1]))
    assert Cells(mass, np.array([0, 1])) != Cells(mass, np.array([0, 2]))
    assert Cells(mass, np.array([0, 1])) == Cells(copy, np.array([2, 1]))
    assert Cells(mass, np.array([0, 1])) != Cells(copy, np.array([0, 1]))
    assert repr(Cells(mass, np.array([0, 1]))) == "Cells([1.5, None])"


def test_rows_are_equal_by_their_positions() -> None:
    assert rows_in(Rows([1, 2])).tolist() == [1, 2]
    assert Rows([1, 2]) == Rows(np.array([1, 2]))
    assert Rows([1, 2]) != Rows([1, 3])
    assert repr(Rows([1, 2])) == "Rows([1, 2])"


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
