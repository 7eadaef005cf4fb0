from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tracemill_schema.contract import CONTRACTS, DRAFT, by_name, schema_of, write_schemas
from tracemill_schema.errors import UsageFault
from tracemill_schema.trace import Trace

DESIGNED = (
    *("table", "question", "program", "episode", "trace", "dataset", "run", "training"),
    *("completion", "evaluation", "evidence", "bundle", "spec", "experiment"),
)


def test_every_contract_of_the_design_is_there_and_names_are_unique() -> None:
    names = [kind.contract for kind in CONTRACTS]
    assert len(set(names)) == len(names)
    assert {f"{name}.v1" for name in DESIGNED} <= set(names)


@pytest.mark.parametrize("kind", CONTRACTS, ids=lambda kind: kind.contract)
def test_every_object_of_a_contract_is_closed(kind: type) -> None:
    schema = schema_of(kind)
    assert schema["$schema"] == DRAFT
    objects = [schema, *schema.get("$defs", {}).values()]
    for item in objects:
        if "properties" in item:
            assert item["additionalProperties"] is False


def test_schemas_are_written_one_file_a_contract(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path)
    assert [path.name for path in paths] == [f"{k.contract}.schema.json" for k in CONTRACTS]
    assert all(orjson.loads(path.read_bytes())["$schema"] == DRAFT for path in paths)


def test_an_unknown_contract_is_answered_with_the_known_ones() -> None:
    assert by_name("trace.v1") is Trace
    with pytest.raises(UsageFault, match="no contract is called 'trace.v9'; there are: table.v1"):
        by_name("trace.v9")
