"""Drawing programs."""

from __future__ import annotations

import contextlib
from collections import Counter

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.grammar import MAX_DEPTH, derive
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of


def drawn(count: int) -> list[str]:
    sheet = embedded_sheet(embedded_named("penguins"))
    roles = roles_of(sheet)
    found = []
    for item in range(count):
        with contextlib.suppress(Rejected):
            found.append(derive(sheet, roles, item_rng(0, "g", sheet.digest, item)))
    assert len(found) > 0.9 * count
    assert max(expression.depth for expression in found) == MAX_DEPTH
    return [expression.canonical for expression in found]


def test_draws_are_many_bounded_and_repeatable() -> None:
    first = drawn(300)
    assert drawn(300) == first
    assert len(set(first)) > 250


def test_all_groups_of_operators_are_drawn() -> None:
    heads = Counter(text.partition("(")[0] for text in drawn(600))
    wanted = {"mean", "count", "quantile", "std", "argmax_group", "top_groups", "difference",
              "share", "correlation", "mode"}  # fmt: skip
    assert wanted <= heads.keys()


def test_a_table_without_quantities_gives_what_it_can() -> None:
    sheet = parse_sheet(b"x\n1\n", name="t", where="t.csv")
    roles = roles_of(sheet)
    found = set()
    for item in range(40):
        with contextlib.suppress(Rejected):
            found.add(derive(sheet, roles, item_rng(0, "g", "t", item)).canonical)
    assert found == {"count(table())"}


def test_what_the_table_cannot_give_is_refused_by_name() -> None:
    sheet = parse_sheet(b"x\n1\n", name="t", where="t.csv")
    with pytest.raises(Rejected, match="^not_applicable: no numbers of depth "):
        _ = [derive(sheet, roles_of(sheet), item_rng(0, "g", "t", item)) for item in range(40)]
