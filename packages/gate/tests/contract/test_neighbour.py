"""Documents near a schema: its own, and those one step away."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from tracemill_gate.contract.form import Part
from tracemill_gate.contract.neighbour import first, near
from tracemill_schema.contract import CONTRACTS, schema_of
from tracemill_schema.record import Record

Schema = dict[str, Any]
TEXT = {"type": "string", "minLength": 2}


def around(*schemas: Schema) -> list[Any]:
    return near(tuple(Part(schema=schema, root=schema) for schema in schemas))


NEAR: list[tuple[Schema, list[Any]]] = [
    ({"const": "x"}, ["x", None, 0]),
    ({"enum": ["x", 7]}, ["x", 7]),
    ({"type": "integer", "minimum": 5, "exclusiveMaximum": 9}, [4, 5, 6, 8, 9, 10, 5.5]),
    ({"type": "integer", "multipleOf": 7, "minimum": 10}, [7, 14, 10.5]),
    ({**TEXT, "maxLength": 4}, ["a", "aa", "aaa", "aaaa", "aaaaa", ""]),
    ({"type": "string", "pattern": "^[a-c]+$"}, ["a", "c", "aa", "ax", "A"]),
    ({"type": ["string", "null"]}, [None, "", "a", 0]),
    (
        {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 2},
        [[], ["aa"], ["aa"] * 3, ["a"]],
    ),
    ({"type": "array", "prefixItems": [TEXT, {"const": 3}]}, [["aa", 3], ["aa"], ["aa", None]]),
    ({"type": "array", "items": {"enum": [8, 9]}, "uniqueItems": True}, [[8, 9], [8, 8]]),
    ({"type": "array", "contains": {"const": 8}}, [[8], [8, 8], []]),
    ({"properties": {"a": TEXT}, "required": ["a"]}, [{"a": "aa"}, {}, {"a": "a"}, {"a": None}]),
    (
        {"properties": {"a": TEXT}, "additionalProperties": False},
        [{}, {"a": "aa"}, {"unknown": None}],
    ),
    ({"type": "object", "patternProperties": {"^k[0-9]$": {"const": 3}}}, [{"k0": 3}, {"k9": 3}]),
    ({"type": "object", "propertyNames": {"pattern": "^q$"}}, [{"q": None}, {"qx": None}]),
    ({"type": "object", "minProperties": 1, "maxProperties": 2}, [{}, {"key0": None}]),
    ({"not": {"const": 7}}, [7]),
]


@pytest.mark.parametrize(("schema", "wanted"), NEAR)
def test_documents_near_a_schema(schema: Schema, wanted: list[Any]) -> None:
    found = [(type(value), value) for value in around(schema)]
    assert [value for value in wanted if (type(value), value) not in found] == []


def test_bounds_of_both_schemas_meet_in_one_document() -> None:
    long, short = ({"properties": {"a": {**TEXT, "maxLength": n}}} for n in (9, 5))
    assert {"a": "a" * 9} in around(short, long)
    assert {"a": "a" * 6} in around(short, long)


def test_the_same_schemas_give_the_same_documents_once() -> None:
    schema = {"anyOf": [TEXT, {"type": "integer"}, TEXT]}
    found = around(schema)
    assert found == around(schema)
    assert len({(type(value), str(value)) for value in found}) == len(found)
    assert len(near((Part(schema=schema, root=schema),), most=3)) == 3


@pytest.mark.parametrize("kind", CONTRACTS, ids=lambda kind: kind.contract)
def test_the_first_document_of_every_contract_is_valid(kind: type[Record]) -> None:
    schema = dict(schema_of(kind))
    (document,) = first(Part(schema=schema, root=schema))
    jsonschema_rs.Draft202012Validator(schema).validate(document)


def test_what_nothing_meets_has_no_first_document() -> None:
    for schema in (
        {"enum": [1], "type": "string"},
        {"properties": {"a": False}, "required": ["a"]},
    ):
        assert first(Part(schema=schema, root={})) == ()
