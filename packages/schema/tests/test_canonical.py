from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest

from tracemill_schema.canonical import (
    canonical_bytes,
    content_id,
    file_digest,
    short,
    tree_digest,
)
from tracemill_schema.errors import RecordError


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        (0.1, b"0.1"),
        (1e300, b"1e+300"),
        ("\N{GREEK SMALL LETTER ALPHA}", "\u03b1".encode().join([b'"', b'"'])),
        ({"\U0001f600": 1, "z": 2}, b'{"z":2,"\xf0\x9f\x98\x80":1}'),
    ],
)
def test_bytes_are_sorted_compact_and_shortest(value: object, expected: bytes) -> None:
    assert canonical_bytes(value) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_non_finite_numbers_are_refused_with_their_place(value: float) -> None:
    with pytest.raises(RecordError, match=r"/a/1: wanted a finite number, got"):
        canonical_bytes({"a": [0.0, value]})


@pytest.mark.parametrize("value", [2**64, object(), {1: 2}])
def test_what_json_does_not_have_is_refused(value: object) -> None:
    with pytest.raises(RecordError, match="wanted JSON types with 64-bit integers"):
        canonical_bytes(value)


def test_an_id_is_the_hash_of_the_bytes_whatever_the_key_order() -> None:
    expected = hashlib.sha256(b'{"a":1,"b":2}').hexdigest()
    assert content_id({"b": 2, "a": 1}) == expected
    assert short(expected) == expected[:16]


def test_a_tree_digest_depends_on_names_and_content_only(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("a = 1\n")
    assert tree_digest(tmp_path / "one") == tree_digest(tmp_path / "two")
    (tmp_path / "two" / "a.py").rename(tmp_path / "two" / "b.py")
    assert tree_digest(tmp_path / "one") != tree_digest(tmp_path / "two")


def test_a_file_digest_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    assert file_digest(tmp_path / "f") == hashlib.sha256(b"abc").hexdigest()
