"""Texts are made from patterns, and they match."""

from __future__ import annotations

import re

import pytest

from tracemill_gate.contract.pattern import LONGEST, samples, with_ten_digits

PATTERNS = [
    r"^[0-9a-f]{64}$",
    r"^[a-z][a-z0-9_-]{0,63}$",
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$",
    r"^[^\s:]+\.py(::[A-Za-z_][A-Za-z0-9_]*)+(\[.+\])?$",
    r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$",
    r"^[0-9a-f]{40,64}$",
    r"^1$",
    r"^(?:a|b|)c?$",
    r"^[\w.]+:[A-Za-z_]\w*$",
    r"^(?P<year>\d+)\n\t[\]\-a]$",
    r"^a{2,}?b*\S\W\D$",
    r".",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_texts_of_a_pattern_match_and_differ(pattern: str) -> None:
    found = samples(pattern)
    assert found
    assert len(set(found)) == len(found)
    assert [text for text in found if not re.search(pattern, text)] == []


def test_ends_of_classes_and_of_repetitions_are_tried() -> None:
    assert set(samples("[a-f0]{2,4}")) >= {"aa", "aaa", "aaaa", "ff", "00", "fa"}
    assert set(samples("x|yz?")) == {"x", "y", "yz"}


@pytest.mark.parametrize(
    "pattern", [r"(?<=a)b", r"(?!a)b", r"(a)\1", r"\p{L}", "[a", "(a", "a)", "*a", "{2}", "[z-a]b("]
)
def test_what_is_not_understood_has_no_texts(pattern: str) -> None:
    assert samples(pattern) == ()


def test_a_large_repetition_is_not_made() -> None:
    assert max(map(len, samples(f"a{{1,{LONGEST + 1}}}"))) == 2
    assert samples(f"a{{{LONGEST + 1}}}") == ()


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (r"^\d+$", "^[0-9]+$"),
        (r"\\d\\\d", r"\\d\\[0-9]"),
        (r"[a\d]\d", r"[a\d][0-9]"),
        (r"[]\d]", r"[][0-9]]"),  # of ECMA-262, where [] is a class of nothing
        (r"[\]\d]\D", r"[\]\d]\D"),
        ("abc\\", "abc\\"),
    ],
)
def test_a_digit_is_spelt_as_the_ten_that_it_is(pattern: str, wanted: str) -> None:
    assert with_ten_digits(pattern) == wanted
