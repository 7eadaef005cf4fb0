"""Reading lines: what does not change the meaning is passed over, the rest is refused."""

from __future__ import annotations

import pytest

from tracemill_datagen.family.reading import Equation, equation, integers, number, plain, said
from tracemill_schema.claim import Claim


@pytest.mark.parametrize(
    "line",
    ["3*4=12", " 3 * 4 = 12. ", "Step 2: 3\N{MULTIPLICATION SIGN}4 = 12",
     "2. so 3*4=12", "- Then, 3 · 4 = 12",
     "Hence we get (3)*(4) = 12", "$3*4=$12"],
)  # fmt: skip
def test_labels_blanks_and_signs_do_not_matter(line: str) -> None:
    assert equation(line) == Equation(left=3, op="multiply", right=4, result=12)


@pytest.mark.parametrize(
    "line",
    ["", "3*4", "3*4=12=12", "3*4=twelve", "3**4=81", "3*4=12 or 13", "1e5*2=2e5",
     "9999999999999999*1=9999999999999999", "٣*٤=١٢", "3*4=12" + " " * 3_000],
)  # fmt: skip
def test_what_is_not_one_equation_is_not_read(line: str) -> None:
    assert equation(line) is None


def test_numbers_keep_their_kind() -> None:
    assert (number("12"), number("12.5"), number("-3")) == (12, 12.5, -3)
    assert isinstance(number("12"), int)
    assert integers("3,14") == [3, 14]


def test_a_number_in_front_of_a_line_is_not_taken_for_a_label() -> None:
    assert plain("3.5*2=7") == "3.5*2=7"
    assert equation("-3+4=1") == Equation(left=-3, op="add", right=4, result=1)


def test_a_read_claim_equals_a_validated_one() -> None:
    assert said("add", [1, 2], 3) == Claim(op="add", args=(1, 2), result=3)
