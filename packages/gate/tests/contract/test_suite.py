"""Both engines pass the official test cases of every keyword that the contracts use.

The cases are copies of the JSON Schema test suite; see data/json-schema-test-suite/SOURCE.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracemill_gate.contract.engine import Engines
from tracemill_schema.contract import CONTRACTS, schema_of

SUITE = Path(__file__).parent / "data/json-schema-test-suite/draft2020-12"
WITHOUT_CASES = {
    "$id": "names the document; the suite tests it where a $ref uses it, in ref.json",
    "$schema": "names the draft, which both engines are told by the class that is used",
    "title": "an annotation: no document is refused for it",
    "description": "an annotation: no document is refused for it",
}
BY_SCHEMA = ("items", "additionalProperties")
BY_NAME = ("properties", "$defs")
IN_LIST = ("anyOf",)
PROPERTY = "pattern.json: pattern with Unicode property escape requires unicode mode"
NO_PROPERTY = r"Python has no \p, so jsonschema cannot judge: disputed. No contract uses it"
DIFFERENCES = {
    f"{PROPERTY}: ASCII letters match": NO_PROPERTY,
    f"{PROPERTY}: Non-ASCII letters match": NO_PROPERTY,
    f"{PROPERTY}: Digits do not match": NO_PROPERTY,
}
"""Cases on which the engines differ, as FILE: CASE: TEST -> why our use is safe nevertheless."""


def keywords(schema: Any) -> Iterator[str]:
    """Yield the keywords of a schema and of its subschemas; an unknown one has no subschemas."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        yield keyword
        if keyword in BY_SCHEMA:
            yield from keywords(value)
        for item in value.values() if keyword in BY_NAME else value if keyword in IN_LIST else ():
            yield from keywords(item)


USED = sorted({keyword for kind in CONTRACTS for keyword in keywords(dict(schema_of(kind)))})


def patterns(value: Any) -> Iterator[str]:
    """Yield every text that stands under a key ``pattern``."""
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from patterns(item)
    if isinstance(value, dict) and isinstance(value.get("pattern"), str):
        yield value["pattern"]


def cases() -> dict[str, tuple[Any, Any, bool]]:
    return {
        f"{path.name}: {group['description']}: {test['description']}": (
            *(group["schema"], test["data"]),
            test["valid"],
        )
        for path in sorted(SUITE.glob("*.json"))
        for group in json.loads(path.read_bytes())
        for test in group["tests"]
    }


CASES = cases()


def test_every_keyword_that_the_contracts_use_has_its_cases() -> None:
    files = {path.stem for path in SUITE.glob("*.json")}
    assert files == {key.removeprefix("$") for key in USED if key not in WITHOUT_CASES}
    assert set(WITHOUT_CASES) <= set(USED)
    assert len(CASES) >= 440


@pytest.mark.parametrize("name", CASES)
def test_both_engines_say_what_the_suite_says(name: str) -> None:
    schema, document, valid = CASES[name]
    wanted = "disputed" if name in DIFFERENCES else "taken" if valid else "refused"
    assert Engines(schema).verdict(document) == wanted


def test_the_contracts_stay_clear_of_what_the_engines_differ_on() -> None:
    assert set(DIFFERENCES) <= set(CASES)
    found = [pattern for kind in CONTRACTS for pattern in patterns(dict(schema_of(kind)))]
    assert found
    assert [pattern for pattern in found if r"\p" in pattern] == []
