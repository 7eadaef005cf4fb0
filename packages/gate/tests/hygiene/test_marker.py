"""Markers of unfinished work against the list of current.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_gate.hygiene.marker import faults
from tracemill_gate.hygiene.source import Source
from tracemill_gate.planning.marker import Marker

Make = Callable[..., Source]
UNLISTED = (
    "src/a.py:1: wanted no TODO, got one that is not listed; do it, or list it with reason, issue "
    "and date under Markers in current.md"
)


def gone(word: str, path: str) -> str:
    return f"current.md:9: lists {word} in {path}, where none is left; remove the line"


def listed(path: str = "src/a.py", word: str = "TODO") -> Marker:
    return Marker(path=path, word=word, reason="why", issue=5, on="2026-11-20", line=9)


CASES: list[tuple[str, str, list[Marker], list[str]]] = [
    ("clean", "a = 1  # done\n", [], []),
    ("in a string", "a = 'TODO'\n", [], []),
    ("part of a word", "# TODOS and hacks\n", [], []),
    ("unlisted", "# TODO: later\n", [], [UNLISTED]),
    ("listed", "# TODO: later\n", [listed()], []),
    (
        "listed for another file",
        "# TODO\n",
        [listed("src/b.py")],
        [UNLISTED, gone("TODO", "src/b.py")],
    ),
    (
        "listed for another word",
        "# TODO\n",
        [listed(word="HACK")],
        [UNLISTED, gone("HACK", "src/a.py")],
    ),
    ("one line for two", "# TODO\n# TODO\n", [listed()], [UNLISTED.replace(":1:", ":2:")]),
    ("two lines for one", "# TODO\n", [listed(), listed()], [gone("TODO", "src/a.py")]),
    ("never", "# XXX\n", [], ["src/a.py:1: wanted no XXX, got one; say what is missing, or do it"]),
]


@pytest.mark.parametrize(
    ("text", "markers", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_markers(source: Make, text: str, markers: list[Marker], wanted: list[str]) -> None:
    assert [str(fault) for fault in faults([source(text)], markers)] == wanted


@pytest.mark.parametrize("word", ["TODO", "FIXME", "HACK"])
@pytest.mark.parametrize(
    ("path", "text"), [("a.toml", "a = 1 # {}"), ("a.sql", "-- {}"), ("a.md", "a {} b")]
)
def test_every_word_is_found_in_every_kind_of_file(
    source: Make, path: str, text: str, word: str
) -> None:
    (fault,) = faults([source(text.format(word), path)], [])
    assert str(fault).startswith(f"{path}:1: wanted no {word}, got one that is not listed")
