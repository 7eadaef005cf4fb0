"""Descriptions and defaults of two schemas are compared by the place in the document."""

from __future__ import annotations

from typing import Any

import pytest

from tracemill_gate.contract.note import other_note

Schema = dict[str, Any]
A = {"description": "seconds", "default": 1, "type": "integer"}
B = {"description": "weeks", "default": 2, "type": "integer"}


def named(schema: Any, **keywords: Any) -> Schema:
    return {"properties": {"a/b": schema}, **keywords}


def referred(schema: Any, name: str = "D") -> Schema:
    return named({"$ref": f"#/$defs/{name}"}, **{"$defs": {name: schema}})


SAME = [
    (A, {**A, "title": "T"}),
    (referred(A), named(A)),
    (referred(A), referred(A, "E")),
    (named({"allOf": [A]}), named(A)),
    (named({"anyOf": [A, {"type": "null"}]}), named({"anyOf": [{"type": "null"}, A]})),
    (named({}), {}),
    (
        referred({"items": {"$ref": "#/$defs/D"}, **A}),
        referred({"items": {"$ref": "#/$defs/E"}, **A}, "E"),
    ),
]
OTHER = [
    (A, B, ""),
    (named(A), named(B), "/a~1b"),
    (referred(A), named(B), "/a~1b"),
    (named({"items": A}), named({"items": B}), "/a~1b/*"),
    ({"additionalProperties": A}, {"additionalProperties": B}, "/*"),
    ({"prefixItems": [A, A]}, {"prefixItems": [A, B]}, "/1"),
    (
        referred({"items": {"$ref": "#/$defs/D"}, "properties": {"b": A}}),
        referred({"items": {"$ref": "#/$defs/D"}, "properties": {"b": B}}),
        "/a~1b/b",
    ),
]


@pytest.mark.parametrize("keyword", ["description", "default"])
@pytest.mark.parametrize(("left", "right"), SAME)
def test_another_spelling_says_the_same(left: Schema, right: Schema, keyword: str) -> None:
    assert other_note(left, right, keyword) is None
    assert other_note(right, left, keyword) is None


@pytest.mark.parametrize("keyword", ["description", "default"])
@pytest.mark.parametrize(("left", "right", "place"), OTHER)
def test_the_place_of_another_note_is_named(
    left: Schema, right: Schema, place: str, keyword: str
) -> None:
    assert other_note(left, right, keyword) == place
    assert other_note(left, right, keyword, in_both=True) == place


def test_a_note_of_one_side_alone_counts_unless_both_must_have_one() -> None:
    for bare in (named({"type": "integer"}), {}):
        assert other_note(named(A), bare, "default") == "/a~1b"
        assert other_note(bare, named(A), "default") == "/a~1b"
        assert other_note(named(A), bare, "default", in_both=True) is None


def test_values_are_compared_as_json_tells_them_apart() -> None:
    assert other_note({"default": 1}, {"default": True}, "default") == ""
    assert (
        other_note({"default": {"a": 1, "b": 2}}, {"default": {"b": 2, "a": 1}}, "default") is None
    )
