from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tracemill_schema.contract import CONTRACTS, DRAFT, by_name, schema_of, write_schemas
from tracemill_schema.errors import UsageFault
from tracemill_schema.record import Record
from tracemill_schema.trace import Trace

DESIGNED = (
    *("table", "question", "program", "episode", "trace", "dataset", "run", "training"),
    *("completion", "evaluation", "evidence", "bundle", "spec", "experiment"),
)


def test_every_contract_of_the_design_is_there_and_names_are_unique() -> None:
    names = [kind.contract for kind in CONTRACTS]
    assert len(set(names)) == len(names)
    assert {f"{name}.v1" for name in DESIGNED} <= set(names)


Schema = dict[str, Any]
EACH = pytest.mark.parametrize("kind", CONTRACTS, ids=lambda kind: kind.contract)


def subschemas(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and every schema in it."""
    yield schema
    inner = [*schema.get("$defs", {}).values(), *schema.get("properties", {}).values()]
    inner += [*schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]
    for item in inner:
        if isinstance(item, dict):
            yield from subschemas(item)


@EACH
def test_every_object_of_a_contract_is_closed(kind: type[Record]) -> None:
    schema = dict(schema_of(kind))
    assert schema["$schema"] == DRAFT
    for item in subschemas(schema):
        if item.get("type") == "object":
            rest = item["additionalProperties"]
            assert rest is False if "properties" in item else isinstance(rest, dict)


def is_numeric(schema: Schema) -> bool:
    """Tell whether a field is a number, or a list or mapping of numbers."""
    inner = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", [])]
    return schema.get("type") in {"integer", "number"} or any(
        is_numeric(item) for item in inner if isinstance(item, dict)
    )


UNITS = re.compile(
    r"\b(seconds|bytes|tokens|nats|digits|characters|lines?|rows|cells|values|records|weights|steps"
    r"|traces|items|runs|questions|completions|groups|samples|numbers?|position|index|indices"
    r"|share|how often|no unit)\b|[|]given - gold[|] / [|]gold[|]"
)
"""What a number counts or is measured in: a description says one of them."""


@EACH
def test_every_number_of_a_contract_is_described_with_its_unit(kind: type[Record]) -> None:
    unsaid = [
        (item.get("title"), name)
        for item in subschemas(dict(schema_of(kind)))
        for name, field in item.get("properties", {}).items()
        if is_numeric(field) and not UNITS.search(field.get("description", ""))
    ]
    assert unsaid == []


def test_schemas_are_written_one_file_a_contract(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path)
    assert [path.name for path in paths] == [f"{k.contract}.schema.json" for k in CONTRACTS]
    assert all(orjson.loads(path.read_bytes())["$schema"] == DRAFT for path in paths)


def test_an_unknown_contract_is_answered_with_the_known_ones() -> None:
    assert by_name("trace.v1") is Trace
    with pytest.raises(UsageFault, match="no contract is called 'trace.v9'; there are: table.v1"):
        by_name("trace.v9")
