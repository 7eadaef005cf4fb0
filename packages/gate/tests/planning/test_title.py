"""Titles and the file names that they give."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.title import same, slug

SLUGS = [
    ("Leases survive a restart", "leases-survive-a-restart"),
    ("  C++ & `nox -s gate`: 10 %  ", "c-nox-s-gate-10"),
    ("Über Größe", "uber-groe"),  # no ASCII letter stands for a sharp s
    ("...", ""),
    ("日本", ""),
    ("a " + "word " * 20, "a" + "-word" * 11),
    ("x" * 90, "x" * 60),
]


@pytest.mark.parametrize(("title", "wanted"), SLUGS)
def test_a_title_gives_a_file_name(title: str, wanted: str) -> None:
    assert slug(title) == wanted


def test_titles_are_the_same_to_a_reader() -> None:
    assert same("Leases  survive", "leases\nSURVIVE ")
    assert not same("Leases survive", "Leases survived")
