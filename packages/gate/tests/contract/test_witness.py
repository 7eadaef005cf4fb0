"""The shortest documents that tell two schemas apart."""

from __future__ import annotations

from typing import Any

from tracemill_gate.contract.engine import Engines
from tracemill_gate.contract.witness import Witnesses, search

Schema = dict[str, Any]


def found(old: Schema, new: Schema) -> Witnesses:
    return search(Engines(old), Engines(new))


def test_a_document_of_each_direction_is_found_and_it_is_the_shortest() -> None:
    old = {"type": "array", "items": {"type": "integer"}, "maxItems": 3}
    new = {"type": "array", "items": {"type": "integer"}, "minItems": 2}
    assert found(old, new) == Witnesses(only_old=([],), only_new=([0, 0, 0, 0],))


def test_null_is_a_document_too() -> None:
    witnesses = found({"type": "string"}, {"type": ["string", "null"]})
    assert witnesses == Witnesses(only_old=(), only_new=(None,))


def test_equal_schemas_have_none() -> None:
    schema = {"properties": {"a": {"minimum": 1}}}
    assert found(schema, schema) == Witnesses(only_old=(), only_new=())


def test_what_the_engines_dispute_is_no_witness() -> None:
    # A digit of another script: the pattern takes it for Python alone.
    old, new = {"type": "string", "pattern": r"^\d$"}, {"enum": ["\u0663"]}
    assert found(old, new) == Witnesses(only_old=("0",), only_new=())
