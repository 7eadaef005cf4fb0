"""Conventions that single families vary."""

from __future__ import annotations

from tracemill_datagen.convention.varied import VARIED
from tracemill_datagen.template.catalogue import TEMPLATES


def test_they_are_rewritten_by_their_families_alone_and_state_every_option() -> None:
    for convention in VARIED:
        assert convention.axis_of is None
        assert not convention.guard
        assert all(option.statement.endswith(".") for option in convention.options)


def test_a_statement_is_known_by_its_words_before_what_is_filled_in() -> None:
    window = next(convention for convention in VARIED if convention.axis == "window")
    first, middle, _ = window.options
    assert first.pattern.search("Name each window by its first month.")
    assert not middle.pattern.search("Name each window by its first month.")


def test_they_name_families_that_there_are() -> None:
    families = {template.name for template in TEMPLATES}
    for convention in VARIED:
        named = {word.strip(" ,;") for word in convention.concerns.split() if "_" in word}
        assert named <= families


def test_a_median_is_the_mean_of_the_two_middle_values_everywhere() -> None:
    """All common tools agree on it, so it is no convention of one family."""
    assert "middle" not in {convention.axis for convention in VARIED}
