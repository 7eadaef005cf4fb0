"""Schemas are taken apart into the forms of their documents."""

from __future__ import annotations

from typing import Any

import pytest

from tracemill_gate.contract.form import DEEPEST, Form, Part, forms, is_endless

A, B = {"minimum": 1}, {"maximum": 9}
ROOT: dict[str, Any] = {
    "$defs": {"A": {"type": "integer", **A}, "b/c~d": B, "Loop": {"$ref": "#/$defs/Loop"}},
    "allOf": [A],
}
CASES: list[tuple[Any, list[dict[str, Any]]]] = [
    (True, [{}]),
    (False, []),
    ({"type": "string"}, [{"type": "string"}]),
    ({"$ref": "#/$defs/A", "maximum": 5}, [{"maximum": 5, "type": "integer", "minimum": 1}]),
    ({"$ref": "#/$defs/b~1c~0d"}, [B]),
    ({"$ref": "#/allOf/0"}, [A]),
    ({"$ref": "#/$defs/None"}, []),
    ({"$ref": "other.json#/a"}, []),
    ({"$ref": "#/$defs/Loop"}, []),
    ({"anyOf": [A, B]}, [A, B]),
    ({"oneOf": [A, B], "type": "number"}, [{"type": "number", **A}, {"type": "number", **B}]),
    ({"allOf": [A, B]}, [{**A, **B}]),
    ({"allOf": [{"minLength": 1}, {"minLength": 2}]}, [{"minLength": 2}]),
    ({"allOf": [{"maxLength": 1}, {"maxLength": 2}]}, [{"maxLength": 1}]),
    ({"allOf": [{"required": ["a"]}, {"required": ["a", "b"]}]}, [{"required": ["a", "b"]}]),
    ({"allOf": [{"enum": [1, 2]}, {"enum": [2, 3]}]}, [{"enum": [2]}]),
    ({"allOf": [{"type": "integer"}, {"type": ["number", "null"]}]}, [{"type": ["integer"]}]),
    ({"allOf": [{"type": "integer"}, {"type": "string"}]}, []),
    ({"allOf": [{"items": A}, {"items": B}]}, [{"items": {"allOf": [A, B]}}]),
    ({"allOf": [{"pattern": "a"}, {"pattern": "b"}]}, [{"pattern": "a"}]),
    (
        {"allOf": [{"properties": {"a": A}}, {"properties": {"a": B, "c": B}}]},
        [{"properties": {"a": {"allOf": [A, B]}, "c": B}}],
    ),
    ({"if": A, "then": {"type": "number"}, "else": B}, [{**A, "type": "number"}, B]),
    ({"if": A}, [A, {}]),
]


@pytest.mark.parametrize(("schema", "wanted"), CASES)
def test_forms_of_a_schema(schema: Any, wanted: list[dict[str, Any]]) -> None:
    assert [form.keywords for form in forms(Part(schema=schema, root=ROOT))] == wanted


def test_a_reference_is_followed_only_so_often_on_one_way_down() -> None:
    root: dict[str, Any] = {"$defs": {"T": {"properties": {"t": {"$ref": "#/$defs/T"}}}}}
    part, steps = Part(schema={"$ref": "#/$defs/T"}, root=root), 0
    while found := forms(part):
        part, steps = found[0].part(found[0].mapping("properties")["t"]), steps + 1
    assert steps == DEEPEST


def test_keywords_of_the_wrong_type_count_as_missing() -> None:
    form = Form(keywords={"minimum": True, "required": "a", "properties": []}, root={})
    assert form.number("minimum") is None
    assert form.count("maxItems") is None
    assert form.many("required") == []
    assert form.mapping("properties") == {}


SELF = {"$ref": "#/$defs/A"}
ENDLESS: list[tuple[Any, bool]] = [
    (SELF, True),
    ({"anyOf": [SELF, A]}, True),
    ({"allOf": [{"not": SELF}]}, True),
    ({"if": A, "then": B, "else": {"oneOf": [SELF]}}, True),
    ({"dependentSchemas": {"a": SELF}}, True),
    ({"$ref": "#/$defs/B"}, True),
    ({"$ref": "#"}, True),
    ({"properties": {"a": SELF}, "additionalProperties": SELF}, False),
    ({"anyOf": [{"items": SELF}, A]}, False),
    ({"$ref": "other.json#/a"}, False),
    ({"$ref": "#/$defs/None"}, False),
    (A, False),
]


@pytest.mark.parametrize(("schema", "endless"), ENDLESS)
def test_a_schema_is_endless_if_it_judges_the_same_value_again(
    schema: dict[str, Any], *, endless: bool
) -> None:
    assert is_endless({"$defs": {"A": schema, "B": {"anyOf": [SELF]}}, **SELF}) is endless
    assert is_endless({"$defs": {"A": A}, "properties": {"a": SELF}, "$ref": "#"})
