"""Drift of schema files, by meaning."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_gate.contract import drift
from tracemill_schema.contract import schema_of
from tracemill_schema.table import Table

KINDS = (Table,)
Schema = dict[str, Any]
WRITE = "run `tracemill gate contracts write` and commit the file"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the schema of table.v1 alone."""
    (tmp_path / "table.v1.schema.json").write_text(json.dumps(schema_of(Table)))
    return tmp_path


def changed(folder: Path, change: Callable[[Schema], object]) -> None:
    path = folder / "table.v1.schema.json"
    schema = json.loads(path.read_text())
    change(schema)
    path.write_text(json.dumps(schema))


def reordered(schema: Schema) -> None:
    items = list(schema.items())
    schema.clear()
    schema.update(reversed(items))


def retitled(schema: Schema) -> None:
    schema["title"] = "Other words"
    del schema["properties"]["rows"]["title"]


def respelt(schema: Schema) -> None:
    rows = schema["properties"]["rows"]
    del rows["minimum"]
    rows["exclusiveMinimum"] = 0


def inlined(schema: Schema) -> None:
    schema["properties"]["columns"]["items"] = schema["$defs"].pop("Column")


SAME = [reordered, retitled, respelt, inlined]


@pytest.mark.parametrize("change", SAME, ids=lambda change: change.__name__)
def test_the_same_meaning_in_other_words_is_no_drift(
    folder: Path, change: Callable[[Schema], None]
) -> None:
    changed(folder, change)
    assert drift.check_schemas(folder, KINDS).faults == ()


def looser(schema: Schema) -> None:
    schema["properties"]["rows"]["minimum"] = 0


def tighter(schema: Schema) -> None:
    schema["properties"]["name"]["maxLength"] = 100


def opened(schema: Schema) -> None:
    schema["additionalProperties"] = True


def optional(schema: Schema) -> None:
    schema["required"].remove("licence")


def lost_property_called_title(schema: Schema) -> None:
    schema["properties"]["title"] = {"type": "string"}


def redescribed(schema: Schema) -> None:
    schema["properties"]["rows"]["description"] = "WRONG UNIT: dozens"


def redescribed_in_other_words(schema: Schema) -> None:
    respelt(schema)
    inlined(schema)
    schema["properties"]["columns"]["items"]["properties"]["nulls"]["description"] = "in dozens"


def another_default(schema: Schema) -> None:
    schema["$defs"]["Column"]["properties"]["unit"]["default"] = "m"


def renamed(schema: Schema) -> None:
    schema["$id"] = "urn:tracemill:contract:table.v2"


OTHER = [
    (looser, f"mean what the record says, first at /properties/rows/minimum; {WRITE}"),
    (tighter, f"mean what the record says, first at /properties/name/maxLength; {WRITE}"),
    (opened, f"mean what the record says, first at /additionalProperties; {WRITE}"),
    (optional, f"mean what the record says, first at /required; {WRITE}"),
    (
        lost_property_called_title,
        f"mean what the record says, first at /properties/title; {WRITE}",
    ),
    (
        redescribed,
        f"another description than the record's, first at /properties/rows/description; {WRITE}",
    ),
    (
        redescribed_in_other_words,
        f"another description than the record's, first of /columns/*/nulls; {WRITE}",
    ),
    (another_default, f"another default than the record's, first of /columns/*/unit; {WRITE}"),
    (renamed, f"wanted $id urn:tracemill:contract:table.v1 of draft 2020-12, got another; {WRITE}"),
]


@pytest.mark.parametrize(("change", "message"), OTHER)
def test_another_meaning_is_drift_and_its_pointer_is_named(
    folder: Path, change: Callable[[Schema], None], message: str
) -> None:
    changed(folder, change)
    report = drift.check_schemas(folder, KINDS)
    (fault,) = report.faults
    assert fault.where == "table.v1.schema.json"
    # "does not" or, where containment was not decided, "may not": both are drift
    assert fault.message.removeprefix("does not ").removeprefix("may not ") == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "wanted JSON, got "),
        ("[]", "wanted an object"),
    ],
)
def test_a_broken_file_is_drift(folder: Path, text: str, message: str) -> None:
    (folder / "table.v1.schema.json").write_text(text)
    (fault,) = drift.check_schemas(folder, KINDS).faults
    assert fault.message.startswith(message)


def test_what_is_no_schema_is_drift(folder: Path) -> None:
    changed(folder, lambda schema: schema["properties"]["rows"].update(type="whole"))
    (fault,) = drift.check_schemas(folder, KINDS).faults
    assert fault.message.startswith("not a JSON Schema (")


def test_a_missing_and_an_unknown_file_are_named(folder: Path) -> None:
    (folder / "table.v1.schema.json").rename(folder / "chair.v1.schema.json")
    report = drift.check_schemas(folder, KINDS)
    assert [str(fault) for fault in report.faults] == [
        f"table.v1.schema.json: wanted the schema, got no file; {WRITE}",
        "chair.v1.schema.json: no record writes this contract; delete the file or add its record",
    ]


def test_an_undecided_containment_counts_as_drift(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "relation", lambda *_: "undecided")
    changed(folder, looser)
    (fault,) = drift.check_schemas(folder, KINDS).faults
    assert fault.message.startswith("may not mean what the record says, first at ")


def test_pointers_are_escaped() -> None:
    assert drift.first_difference({"a/b~c": [1]}, {"a/b~c": [2]}) == "/a~1b~0c/0"
