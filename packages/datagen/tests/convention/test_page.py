"""The page of the catalogue."""

from __future__ import annotations

from pathlib import Path

from tracemill_datagen.convention.catalogue import CONVENTIONS, OPTIONS
from tracemill_datagen.convention.page import catalogue_lines

DOCS = Path(__file__).parents[4] / "docs"


def test_every_convention_and_every_option_is_on_the_page() -> None:
    lines = list(catalogue_lines())
    assert [line for line in lines if line.startswith("### ")] == [
        f"### {convention.axis}" for convention in CONVENTIONS
    ]
    for option in OPTIONS.values():
        assert f"| {option.name} | {option.statement or 'never: rejected'} |" in lines


def test_a_convention_that_is_never_asked_says_by_what_it_is_kept_away() -> None:
    lines = list(catalogue_lines())
    assert "Where it would matter the question is rejected (`tie`)." in lines
    assert "The families that vary it give one reading for each." in lines


def test_the_page_has_a_place_for_the_catalogue_and_stands_in_the_contents() -> None:
    assert "<!-- catalogue of conventions -->" in (DOCS / "conventions.md").read_text()
    assert "conventions.md" in (DOCS.parent / "mkdocs.yml").read_text()
