"""The trees of patterns that the parser walks down."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.wording.pattern import patterns_of
from tracemill_datagen.program.wording.tree import Branch, End, forest


def _ends(branch: Branch) -> Iterator[End]:
    yield from branch.ends
    for below in (*branch.words.values(), *branch.slots.values()):
        yield from _ends(below)


def test_every_operator_stands_in_the_tree_of_its_type_and_in_that_of_all() -> None:
    names = {kind: {end.operator.name for end in _ends(tree)} for kind, tree in forest().items()}
    for operator in OPERATORS:
        condition = patterns_of(operator)[0].condition
        assert (operator.name in names["condition"]) == condition
        assert (operator.name in names[operator.output]) != condition
        assert (operator.name in names["any"]) != condition


def test_a_branch_grows_by_words_and_is_shared_as_far_as_the_texts_are_the_same() -> None:
    branch = Branch()
    end = End(OPERATORS[0], {}, -1)
    branch.grow(("the mean of all",), end)
    branch.grow(("the mean",), end)
    assert list(branch.words) == ["the"]
    mean = branch.words["the"].words["mean"]
    assert mean.ends == [end]
    assert list(mean.words) == ["of"]
