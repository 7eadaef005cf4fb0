"""The catalogue: at least seven families, each found by its name."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family.catalogue import FAMILIES, by_name, find


def test_there_are_seven_families_with_different_names() -> None:
    names = [family.name for family in FAMILIES]
    assert len(set(names)) == len(names) >= 7
    assert [by_name(name).name for name in names] == names


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    assert find("modular_chian") is None
    with pytest.raises(BadRequest) as caught:
        by_name("modular_chian")
    assert str(caught.value) == (
        "no reasoning family is called 'modular_chian'; did you mean 'modular_chain'? There are: "
        "modular_chain, chain_sum, percent, unit_cost, string_reverse, sort_numbers, count_letter"
    )
    with pytest.raises(BadRequest, match=r"called 'xyz'\. There are"):
        by_name("xyz")
