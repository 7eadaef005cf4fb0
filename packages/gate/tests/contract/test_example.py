"""Examples are judged by three judges; what they find wrong is named, and all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tracemill_gate.contract.example import (
    MIN_INVALID,
    MIN_VALID,
    NOT_JSON,
    Invalid,
    Judges,
    Place,
    check_examples,
)
from tracemill_schema.completion import Completion
from tracemill_schema.contract import CONTRACTS, schema_of
from tracemill_schema.program import Program
from tracemill_schema.record import Record
from tracemill_schema.run import Run
from tracemill_schema.spec import Spec
from tracemill_schema.trace import Trace

REAL = Path(__file__).parents[4] / "contracts/examples"
A = "a" * 64
GOOD = {"question_id": A, "model": "m", "sample": 0, "text": "", "tokens": 0, "finish": "stop"}
MINUS = {"document": {**GOOD, "sample": -1}, "pointer": "/sample", "keyword": "minimum"}
Schema = dict[str, Any]


def checked(folder: Path, valid: object, invalid: object) -> list[str]:
    """Check one valid and one invalid example of completion.v1; too few examples set apart."""
    for group, value in (("valid", valid), ("invalid", invalid)):
        path = folder / "completion.v1" / group / "x.json"
        path.parent.mkdir(parents=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
    report = check_examples(folder, (Completion,))
    assert report.checked == 2
    found = [str(fault).removeprefix("completion.v1/") for fault in report.faults]
    return [fault for fault in found if "wanted at least" not in fault]


def test_good_examples_have_no_fault(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD, MINUS) == []


TO_REPORT = "invalid/x.json: wanted the engines to report "
TWO = {**GOOD, "sample": -1, "finish": "never"}
FINISH = [{"pointer": "/finish", "keyword": "enum"}]
FLOAT = {**GOOD, "sample": -1, "tokens": 1.0}
TEXT = json.dumps(GOOD)
NAN = TEXT.replace('"tokens": 0', '"tokens": NaN')
CASES = [
    (
        {**GOOD, "tokens": -1},
        MINUS,
        [
            "valid/x.json: must be valid, but minimum at /tokens",
            "valid/x.json: must be valid, but the record refuses it at /tokens",
        ],
    ),
    ("{", MINUS, ["valid/x.json: wanted JSON, got "]),
    (
        GOOD,
        {**MINUS, "pointer": "/tokens"},
        [TO_REPORT + "minimum at /tokens, got minimum at /sample"],
    ),
    (
        GOOD,
        {**MINUS, "keyword": "maximum"},
        [TO_REPORT + "maximum at /sample, got minimum at /sample"],
    ),
    (
        GOOD,
        {**MINUS, "document": GOOD},
        [
            TO_REPORT + "minimum at /sample, got no fault",
            "invalid/x.json: wanted the record to refuse it at no place, but it takes it",
        ],
    ),
    (
        GOOD,
        {**MINUS, "keyword": "model"},
        [TO_REPORT + "no fault, got minimum at /sample"],
    ),
    (
        GOOD,
        {"document": GOOD, "pointer": ""},
        ["invalid/x.json: /keyword: wanted a value, got nothing"],
    ),
    (
        GOOD,
        {**MINUS, "document": TWO},
        [TO_REPORT + "minimum at /sample, got enum at /finish, minimum at /sample"],
    ),
    (GOOD, {**MINUS, "document": TWO, "also": FINISH}, []),
    (
        GOOD,
        {**MINUS, "also": FINISH},
        [TO_REPORT + "enum at /finish, minimum at /sample, got minimum at /sample"],
    ),
    (
        GOOD,
        {**MINUS, "document": FLOAT},
        ["invalid/x.json: wanted the record to refuse it at /sample, got /sample, /tokens"],
    ),
    (GOOD, {**MINUS, "document": FLOAT, "also": [{"pointer": "/tokens", "keyword": "model"}]}, []),
    (
        GOOD,
        {**MINUS, "also": [{"pointer": "/finish", "keyword": "model"}]},
        ["invalid/x.json: wanted the record to refuse it at /finish, /sample, got /sample"],
    ),
    (GOOD, {"text": NAN, "pointer": "/tokens", "keyword": "json"}, []),
    (GOOD, {"text": TEXT[:-1], "pointer": "", "keyword": "json"}, []),
    (
        GOOD,
        {"text": NAN, "pointer": "/sample", "keyword": "json"},
        ["invalid/x.json: wanted the record to refuse it at /sample, got /tokens"],
    ),
    (
        GOOD,
        {"text": TEXT, "pointer": "", "keyword": "json"},
        [
            "invalid/x.json: wanted the record to refuse it at (document), but it takes it",
            "invalid/x.json: text is JSON: give it as document",
        ],
    ),
    (
        GOOD,
        {**MINUS, "text": "{"},
        ["invalid/x.json: (document): wanted Value error, wanted either document or text, got "],
    ),
    (
        GOOD,
        {"text": "{", "pointer": "", "keyword": "required"},
        ["invalid/x.json: (document): wanted Value error, keyword json is for text, and text has"],
    ),
]


DEEP = '"text": ' + "[" * 900 + "]" * 900
DEEPER = "x.json: wanted at most 60 levels, got more: nobody can judge what is nested so deeply"
CASES += [
    (
        TEXT.replace('"text": ""', DEEP),
        json.dumps(MINUS).replace('"text": ""', DEEP),
        [f"valid/{DEEPER}", f"invalid/{DEEPER}"],
    ),
    (
        NAN,
        '{"document": NaN, "pointer": "", "keyword": "type"}',
        ["valid/x.json: wanted JSON, got ", "invalid/x.json: wanted JSON, got "],
    ),
    (GOOD, "[]", ["invalid/x.json: (document): wanted "]),
]


@pytest.mark.parametrize(("valid", "invalid", "messages"), CASES)
def test_faults_of_examples(
    tmp_path: Path, valid: object, invalid: object, messages: list[str]
) -> None:
    found = checked(tmp_path, valid, invalid)
    assert len(found) == len(messages)
    for got, wanted in zip(found, messages, strict=True):
        assert got.startswith(wanted)


def test_a_contract_without_examples_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "chair.v1").mkdir()
    report = check_examples(tmp_path, (Completion,))
    assert [str(fault) for fault in report.faults] == [
        "completion.v1/valid: wanted at least 5 examples, got none",
        "completion.v1/invalid: wanted at least 15 examples, got none",
        "chair.v1: no contract has this name",
    ]
    assert not report.green


@pytest.mark.parametrize(("missing", "faults"), [(0, 0), (1, 2)])
def test_a_contract_with_too_few_examples_is_a_fault(
    tmp_path: Path, missing: int, faults: int
) -> None:
    for group, value, least in (("valid", GOOD, MIN_VALID), ("invalid", MINUS, MIN_INVALID)):
        folder = tmp_path / "completion.v1" / group
        folder.mkdir(parents=True)
        for number in range(least - missing):
            (folder / f"{number}.json").write_text(json.dumps(value))
    assert [str(fault) for fault in check_examples(tmp_path, (Completion,)).faults] == [
        "completion.v1/valid: wanted at least 5 examples, got 4",
        "completion.v1/invalid: wanted at least 15 examples, got 14",
    ][:faults]


def test_engines_that_disagree_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judges, "by_rust", lambda *_: frozenset())
    found = checked(tmp_path, GOOD, MINUS)
    message = "jsonschema reports minimum at /sample, jsonschema-rs no fault"
    assert found == [f"invalid/x.json: {message}"]


def test_all_judges_report_all_faults_at_once() -> None:
    judges = Judges(Completion)
    document = {**GOOD, "sample": -1, "finish": "never", "a/b": 1, "tokens": None}
    del document["text"]
    wanted = {
        Place(pointer="/sample", keyword="minimum"),
        Place(pointer="/finish", keyword="enum"),
        Place(pointer="/tokens", keyword="type"),
        Place(pointer="", keyword="additionalProperties"),
        Place(pointer="", keyword="required"),
    }
    assert judges.by_python(document) == judges.by_rust(document) == wanted
    refused = judges.by_record(document)
    assert refused is not None
    assert set(refused) == {"/sample", "/finish", "/tokens", "/a~1b", "/text"}
    assert judges.owed_by_record(document) == set(refused)


@pytest.mark.parametrize("kind", [Program, Run], ids=lambda kind: kind.contract)
def test_what_is_as_deep_as_may_be_is_judged_by_all(kind: type[Record], tmp_path: Path) -> None:
    document = json.loads(next(iter(examples(kind, "valid"))).read_text())
    holder = document["nodes"][0] if kind is Program else document
    key = "parameters" if kind is Program else "config"
    around = 4 if kind is Program else 2
    value: Any = 1
    for _ in range(60 - around):
        value = [value]
    holder[key] = {"a": value}
    folder = tmp_path / kind.contract / "valid"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(json.dumps(document))
    faults = check_examples(tmp_path, (kind,)).faults
    assert [str(fault) for fault in faults if "x.json" in fault.where] == []
    holder[key] = {"a": [value]}
    (folder / "x.json").write_text(json.dumps(document))
    faults = check_examples(tmp_path, (kind,)).faults
    assert [f"valid/{DEEPER}" in str(fault) for fault in faults if "x.json" in fault.where] == [
        True
    ]


def test_the_record_alone_knows_of_ids() -> None:
    document = json.loads((REAL / "trace.v1/valid/modular-chain.json").read_text())
    judges = Judges(Trace)
    assert judges.by_record(document) is None
    document["final_answer"] = "8"
    assert judges.by_python(document) == frozenset()
    assert judges.by_record(document) == ("/id",)


def test_a_rule_of_an_object_waits_for_its_fields() -> None:
    document = json.loads((REAL / "spec.v1/valid/approved-change.json").read_text())
    judges = Judges(Spec)
    document["fail_first_tests"] = []
    document["diff_shape"] = {"lines_min": 9, "lines_max": 1}
    assert judges.by_record(document) == ("/diff_shape",)
    document["diff_shape"] = {"lines_min": 1, "lines_max": 9}
    assert judges.by_record(document) == ("",)


# What the examples of this repository show.

EACH = pytest.mark.parametrize("kind", CONTRACTS, ids=lambda kind: kind.contract)
ASSERTIONS = frozenset(
    {
        *("additionalProperties", "required", "type", "enum", "const", "pattern", "anyOf"),
        *("minLength", "maxLength", "minItems", "maxItems"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    }
)
NO_ASSERTIONS = frozenset(
    {"$schema", "$id", "$defs", "$ref", "title", "description", "default", "properties", "items"}
)
ANY_VALUE = "Value"
"""The definition that takes all JSON: no document breaks it."""


def schema(kind: type[Record]) -> Schema:
    found: Schema = orjson.loads(orjson.dumps(schema_of(kind)))
    found.get("$defs", {}).pop(ANY_VALUE, None)
    return found


def subschemas(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and every schema in it."""
    yield schema
    inner = [*schema.get("$defs", {}).values(), *schema.get("properties", {}).values()]
    inner += [*schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]
    for item in inner:
        if isinstance(item, dict):
            yield from subschemas(item)


def examples(kind: type[Record], group: str) -> list[Path]:
    return sorted((REAL / kind.contract / group).glob("*.json"))


def refused(kind: type[Record]) -> list[Invalid]:
    paths = examples(kind, "invalid")
    return [Invalid.from_bytes(path.read_bytes(), where=path.name) for path in paths]


def test_the_examples_of_this_repository_hold() -> None:
    report = check_examples(REAL, CONTRACTS)
    assert [str(fault) for fault in report.faults] == []
    assert report.checked >= len(CONTRACTS) * (MIN_VALID + MIN_INVALID)


@EACH
def test_every_contract_has_enough_examples(kind: type[Record]) -> None:
    assert len(examples(kind, "valid")) >= 5
    assert len(examples(kind, "invalid")) >= 15
    assert sum(bool(example.also) for example in refused(kind)) >= 2
    assert sum(example.text is not None for example in refused(kind)) >= 1


@EACH
def test_every_keyword_of_a_schema_is_broken_by_an_example(kind: type[Record]) -> None:
    used = {key for inner in subschemas(schema(kind)) for key in inner}
    assert used <= ASSERTIONS | NO_ASSERTIONS
    broken, judges = set(), Judges(kind)
    for path in examples(kind, "invalid"):
        value = json.loads(path.read_text())
        for error in judges.errors(value["document"]) if "document" in value else ():
            broken.add(error.validator)
            # the member of a union that is meant; that the value is not null says nothing
            broken |= {inner.validator for inner in error.context or ()} - {"type"}
    assert used & ASSERTIONS <= broken


@EACH
def test_no_example_stands_twice(kind: type[Record]) -> None:
    for group in ("valid", "invalid"):
        values = [json.loads(path.read_text()) for path in examples(kind, group)]
        documents = [
            json.dumps(value.get("document", value.get("text", value)), sort_keys=True)
            for value in values
        ]
        assert len(set(documents)) == len(documents)


def choices(schema: Schema, place: str) -> Iterator[str]:
    """Yield what a valid document may choose: members of enums, null or not, a key or none."""
    yield from (f"{place} = {value}" for value in schema.get("enum", ()))
    if schema.get("type") == "boolean":
        yield from (f"{place} = True", f"{place} = False")
    for member in schema.get("anyOf", ()):
        yield f"{place} is {'null' if member.get('type') == 'null' else 'a value'}"
        yield from choices(member, place)
    for key, inner in schema.get("properties", {}).items():
        if key not in schema.get("required", ()):
            yield f"{place}.{key} is left out"
        yield from choices(inner, f"{place}.{key}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from choices(schema[key], f"{place}[]")


def parts(schema: Schema, defs: Schema, place: str, value: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield place, schema and value of everything that stands right below a value."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name and name != ANY_VALUE:
        yield name, defs[name], value
    if value is not None:
        yield from ((place, member, value) for member in schema.get("anyOf", ()))
    each = schema.get("items") or schema.get("additionalProperties")
    if isinstance(value, list) and each:
        yield from ((f"{place}[]", each, item) for item in value)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        items = ((key, item) for key, item in value.items() if each or key in known)
        yield from (
            (f"{place}.{k}" if k in known else f"{place}[]", known.get(k, each), item)
            for k, item in items
        )


def chosen(schema: Schema, defs: Schema, place: str, value: Any) -> Iterator[str]:
    """Yield which of the choices a document makes."""
    if "enum" in schema or schema.get("type") == "boolean":
        yield f"{place} = {value}"
    if "anyOf" in schema:
        yield f"{place} is {'null' if value is None else 'a value'}"
    if isinstance(value, dict):
        left_out = (key for key in schema.get("properties", {}) if key not in value)
        yield from (f"{place}.{key} is left out" for key in left_out)
    for below, inner, item in parts(schema, defs, place, value):
        yield from chosen(inner, defs, below, item)


@EACH
def test_every_choice_of_a_contract_stands_in_a_valid_example(kind: type[Record]) -> None:
    whole = schema(kind)
    defs = whole.get("$defs", {})
    wanted = set(choices(whole, ""))
    wanted |= {choice for name, inner in defs.items() for choice in choices(inner, name)}
    documents = [json.loads(path.read_text()) for path in examples(kind, "valid")]
    made = {choice for value in documents for choice in chosen(whole, defs, "", value)}
    assert wanted <= made


def test_what_is_no_json_at_all_is_shown_at_fields_and_as_a_whole() -> None:
    pointers = {
        bool(place.pointer)
        for kind in CONTRACTS
        for example in refused(kind)
        for place in example.places
        if place.keyword == NOT_JSON
    }
    assert pointers == {True, False}
