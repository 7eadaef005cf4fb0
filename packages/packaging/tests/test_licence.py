"""Licences that let a bundle be handed on."""

from __future__ import annotations

import pytest

from tracemill_bundle.licence import is_redistributable, joined

CASES = [
    ("CC0-1.0 AND MIT", True),
    ("CC0-1.0 AND unstated", False),
    ("CC-BY-4.0 AND CC-BY-NC-4.0", False),
    ("CC0-1.0 [existing-notice]", True),
    ("Public domain [existing-notice]", True),
    ("public domain (module COPYRIGHT)", True),
    ("U.S. Government Dataset", True),
    ("data CC0 (publisher); package MIT", True),
    ("Apache-2.0", True),
    ("CC-BY-4.0", True),
    ("CC-BY-NC-4.0", False),
    ("CC-BY-ND-4.0", False),
    ("unstated", False),
    ("mitigated", False),
    ("proprietary", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "known"), CASES)
def test_licences(text: str, *, known: bool) -> None:
    assert is_redistributable(text) is known


def test_several_licences_are_named_once_and_sorted() -> None:
    assert joined(["MIT", "CC0-1.0", "MIT"]) == "CC0-1.0 AND MIT"
