"""Shapes, counted and indexed."""

from __future__ import annotations

from tracemill_datagen.program.grammar.production import Key
from tracemill_datagen.program.grammar.shapes import Shape, Shapes, shapes_of

FEW = frozenset({"table", "filter_equal", "filter_less", "top_rows", "column", "mean", "count"})


def all_of(shapes: Shapes, key: Key) -> list[Shape]:
    return [shapes.at(key, index) for index in range(shapes.count(key))]


def test_every_shape_of_a_key_has_one_index() -> None:
    shapes = shapes_of(FEW)
    keys = [key for key in shapes.rules.of_operator if key[2] <= 4]
    for key in keys:
        found = all_of(shapes, key)
        assert len(set(map(repr, found))) == len(found) == shapes.count(key) > 0
        assert all(shape.rule.op == key[0] or key[0] == "filters" for shape in found)


def test_counts_of_a_small_grammar() -> None:
    shapes = shapes_of(FEW)
    assert shapes.count(("count", 1, 1, 0)) == 1
    # count over: one of two filters; the number of the top rows stands in their words
    assert shapes.count(("count", 2, 2, 0)) == 2
    # a set of two filters
    assert shapes.count(("count", 3, 3, 0)) == 1
    # a mean of a set of two filters, or of the top rows of one of two filters
    assert shapes.count(("mean", 3, 3, 0)) == 1 + 2


def test_the_same_operators_share_their_shapes() -> None:
    assert shapes_of(FEW) is shapes_of(frozenset(FEW))
