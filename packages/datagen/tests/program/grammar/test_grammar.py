"""The programs of a table."""

from __future__ import annotations

from collections import Counter

import pytest

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.grammar.grammar import Grammar
from tracemill_datagen.program.grammar.production import MAX_DEPTH, MAX_SIZE
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of

FEW = tuple(
    BY_NAME[name] for name in ("table", "filter_equal", "filter_less", "column", "mean", "count")
)


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    sheet = embedded_sheet(embedded_named("penguins"))
    return Grammar(roles_of(sheet), sheet)


def first(grammar: Grammar, count: int, *, seed: int = 0) -> list[Expression]:
    found = (grammar.program(item, seed=seed, table="t") for item in range(2 * count))
    return [each for each in found if each is not None][:count]


def test_a_small_grammar_is_counted_exactly_and_visited_once() -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    small = Grammar(roles_of(sheet), sheet, operators=FEW, depths=(1, 2))
    programs = [each.canonical for each in small.programs(seed=3, table="t")]
    assert len(programs) == len(set(programs)) == small.possible
    again = [each.canonical for each in small.programs(seed=4, table="t")]
    assert sorted(again) == sorted(programs)
    assert again != programs


def test_an_item_does_not_depend_on_the_others(grammar: Grammar) -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    fresh = Grammar(roles_of(sheet), sheet)
    wanted = grammar.program(977, seed=1, table="t")
    _ = first(grammar, 50)
    assert fresh.program(977, seed=1, table="t") == wanted
    assert grammar.program(977, seed=1, table="t") == wanted
    assert grammar.program(977, seed=2, table="t") != wanted
    assert grammar.program(977, seed=1, table="u") != wanted


def test_programs_are_distinct_bounded_and_of_every_depth(grammar: Grammar) -> None:
    found = first(grammar, 1500)
    assert len({each.canonical for each in found}) > 1480
    assert {each.depth for each in found} == set(range(1, MAX_DEPTH + 1))
    sizes = {sum(p.op not in {"table", "column", "labels"} for p in e.parts()) for e in found}
    assert max(sizes) == MAX_SIZE


def test_depths_may_be_asked_for() -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    deep = Grammar(roles_of(sheet), sheet, depths=(4, 8))
    assert {each.depth for each in first(deep, 300)} == {4, 5, 6, 7, 8}


def test_deep_and_wide_shapes_do_not_drown_the_others(grammar: Grammar) -> None:
    found = first(grammar, 1500)
    depths = Counter(each.depth for each in found)
    assert all(depths[depth] > 100 for depth in (2, 3, 4))
    heads = Counter(each.op for each in found)
    assert max(heads.values()) < 0.1 * len(found)
    assert {"mean", "count", "argmax_group", "top_groups", "difference", "share"} <= heads.keys()


def test_decisions_are_among_the_programs(grammar: Grammar) -> None:
    decided = Counter(
        sum(part.operator.decides for part in each.parts()) for each in first(grammar, 1500)
    )
    assert decided[1] > 50
    assert decided[2] > 50


def test_a_table_without_quantities_gives_what_it_can() -> None:
    sheet = parse_sheet(b"x\n1\n", name="t", where="t.csv")
    grammar = Grammar(roles_of(sheet), sheet, depths=(1, 2))
    found = {each.canonical for each in grammar.programs(seed=0, table="t")}
    assert "count(table())" in found
    assert len(found) == grammar.possible


def test_an_item_beyond_all_is_refused(grammar: Grammar) -> None:
    with pytest.raises(IndexError, match="^wanted an item below "):
        grammar.program(grammar.items, seed=0, table="t")
