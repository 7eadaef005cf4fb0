"""Changes of schemas are classified, never against a document, and nearly all are decided."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from tracemill_gate.contract.evolution import Evolution, compare
from tracemill_schema.completion import Completion
from tracemill_schema.contract import schema_of
from tracemill_schema.example import Example
from tracemill_schema.program import Program
from tracemill_schema.record import Record
from tracemill_schema.table import Table

Schema = dict[str, Any]
INTEGER, STRING, NUMBER = {"type": "integer"}, {"type": "string"}, {"type": "number"}
NULL = {"type": "null"}
A = "^[a-z]{1,3}$"


def closed(required: tuple[str, ...] = ("a",), /, **properties: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def opened(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": ["a"]}


def array(**keywords: Any) -> Schema:
    return {"type": "array", "items": INTEGER, **keywords}


def tagged(*kinds: str, discriminator: bool = False, **changed: Any) -> Schema:
    """A discriminated union: each kind has its own field, an integer unless it is changed."""
    alternatives = [
        closed(("kind", name), kind={"const": name}, **{name: changed.get(name, INTEGER)})
        for name in kinds
    ]
    if discriminator:
        return {"oneOf": alternatives, "discriminator": {"propertyName": "kind"}}
    return {"oneOf": alternatives}


def tree(value: Schema, name: str = "Tree") -> Schema:
    """A value and a list of trees."""
    here = {"$ref": f"#/$defs/{name}"}
    node = closed(("value", "below"), value=value, below={"type": "array", "items": here})
    return {"$ref": f"#/$defs/{name}", "$defs": {name: node}}


def chain(value: Schema) -> Schema:
    """A value and perhaps the rest of the chain."""
    node = closed(("value",), value=value, rest={"anyOf": [{"$ref": "#/$defs/C"}, NULL]})
    return {"$ref": "#/$defs/C", "$defs": {"C": node}}


# One record as three releases of pydantic write it: an inner record with a default beside its
# reference, an optional text, a literal of one value, a fixed pair, numbers with limits.
_INNER = closed(("name",), name={**STRING, "minLength": 1})
PYDANTIC_2_0: Schema = {
    "$defs": {"Unit": {"title": "Unit", **_INNER}},
    "title": "Cell",
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "unit", "span"],
    "properties": {
        "kind": {"const": "cell", "title": "Kind"},
        "unit": {"allOf": [{"$ref": "#/$defs/Unit"}], "description": "of the value"},
        "span": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "prefixItems": [{"type": "integer"}, {"type": "integer"}],
            "title": "Span",
        },
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "share": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}], "default": None},
    },
}
PYDANTIC_2_8: Schema = {
    **PYDANTIC_2_0,
    "properties": {
        **PYDANTIC_2_0["properties"],
        "kind": {"const": "cell", "enum": ["cell"], "title": "Kind", "type": "string"},
        "share": {
            "anyOf": [{"minimum": 0.0, "type": "number"}, {"type": "null"}],
            "default": None,
            "title": "Share",
        },
    },
}
PYDANTIC_2_11: Schema = {
    **PYDANTIC_2_0,
    "$defs": {"tracemill__Unit": _INNER},
    "properties": {
        **PYDANTIC_2_0["properties"],
        "kind": {"const": "cell", "type": "string"},
        "unit": {"$ref": "#/$defs/tracemill__Unit", "description": "of the value"},
        "note": {"type": ["string", "null"]},
    },
}

Case = tuple[Schema, Schema, bool, bool]
# name: old, new, does the new one take all of the old, does the old one take all of the new
PAIRS: dict[str, Case] = {
    "integer becomes number": (INTEGER, NUMBER, True, False),
    "integer becomes string": (INTEGER, STRING, False, False),
    "integer is number in whole steps": (INTEGER, {**NUMBER, "multipleOf": 1}, True, True),
    "a null is allowed": (STRING, {"type": ["string", "null"]}, True, False),
    "nullable in two spellings": (
        {"anyOf": [STRING, NULL]},
        {"type": ["null", "string"]},
        True,
        True,
    ),
    "a nullable record": (
        {"$ref": "#/$defs/R", "$defs": {"R": closed(a=INTEGER)}},
        {"anyOf": [{"$ref": "#/$defs/R"}, NULL], "$defs": {"R": closed(a=INTEGER)}},
        True,
        False,
    ),
    "a key is required": (
        closed(a=INTEGER, b=INTEGER),
        closed(("a", "b"), a=INTEGER, b=INTEGER),
        False,
        True,
    ),
    "a required key is new": (
        closed(a=INTEGER),
        closed(("a", "b"), a=INTEGER, b=STRING),
        False,
        False,
    ),
    "an optional key is new, closed": (
        closed(a=INTEGER),
        closed(a=INTEGER, b=INTEGER),
        True,
        False,
    ),
    "an optional key is new, open": (opened(a=INTEGER), opened(a=INTEGER, b=INTEGER), False, True),
    "a key is renamed": (closed(a=INTEGER), closed(("b",), b=INTEGER), False, False),
    "an object is opened": (closed(a=INTEGER), opened(a=INTEGER), True, False),
    "other keys get a type": (
        opened(a=INTEGER),
        {**opened(a=INTEGER), "additionalProperties": INTEGER},
        False,
        True,
    ),
    "a value is added to an enum": ({"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, True, False),
    "a value is replaced in an enum": ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, False, False),
    "a constant is an enum of one": ({"const": "a"}, {"enum": ["a"], "type": "string"}, True, True),
    "a constant changes": (closed(a={"const": 1}), closed(a={"const": 2}), False, False),
    "a minimum is lower": ({**INTEGER, "minimum": 1}, {**INTEGER, "minimum": 0}, True, False),
    "an interval moves": (
        {**INTEGER, "minimum": 0, "maximum": 9},
        {**INTEGER, "minimum": 5, "maximum": 14},
        False,
        False,
    ),
    "a bound in two spellings": (
        {**INTEGER, "minimum": 1},
        {**INTEGER, "exclusiveMinimum": 0},
        True,
        True,
    ),
    "an open bound of numbers": (
        {**NUMBER, "minimum": 0, "maximum": 1},
        {**NUMBER, "exclusiveMinimum": 0, "maximum": 1},
        False,
        True,
    ),
    "coarser steps": ({**INTEGER, "multipleOf": 2}, {**INTEGER, "multipleOf": 6}, False, True),
    "other steps": ({**INTEGER, "multipleOf": 2}, {**INTEGER, "multipleOf": 3}, False, False),
    "a shorter text": ({**STRING, "maxLength": 9}, {**STRING, "maxLength": 5}, False, True),
    "a text is not empty, twice": (
        {**STRING, "minLength": 1},
        {**STRING, "pattern": "."},
        False,
        True,
    ),
    "a wider pattern": (
        {**STRING, "pattern": A},
        {**STRING, "pattern": "^[a-z]{1,4}$"},
        True,
        False,
    ),
    "a pattern with digits for letters": (
        {**STRING, "pattern": A},
        {**STRING, "pattern": "^[0-9]{1,3}$"},
        False,
        False,
    ),
    "a pattern in other words": (
        {**STRING, "pattern": "^[0-9a-f]{4}$"},
        {**STRING, "pattern": "^(?:[a-f]|[0-9]){4}$"},
        True,
        True,
    ),
    "items get a type": ({"type": "array"}, array(), False, True),
    "fewer items": (array(maxItems=5), array(maxItems=3), False, True),
    "other numbers of items": (
        array(minItems=1, maxItems=3),
        array(minItems=2, maxItems=4),
        False,
        False,
    ),
    "a much shorter text": (
        closed(a={**STRING, "maxLength": 100_000}),
        closed(a={**STRING, "maxLength": 70_000}),
        False,
        True,
    ),
    "a very long text": (
        {**STRING, "minLength": 200_000},
        {**STRING, "minLength": 300_000},
        False,
        True,
    ),
    "far fewer items": (array(maxItems=5_000), array(maxItems=4_000), False, True),
    "far fewer records": (
        closed(a=array(items=closed(("b",), b=STRING), minItems=1, maxItems=2_000)),
        closed(a=array(items=closed(("b",), b=STRING), minItems=1, maxItems=1_500)),
        False,
        True,
    ),
    "many more keys": (
        {"type": "object", "maxProperties": 3_000},
        {"type": "object", "maxProperties": 4_000},
        True,
        False,
    ),
    "items differ from each other": (array(), array(uniqueItems=True), False, True),
    "a pair becomes a list": (
        {"type": "array", "prefixItems": [INTEGER, INTEGER], "items": False, "minItems": 2},
        array(minItems=2),
        True,
        False,
    ),
    "the second of a pair": (
        {"type": "array", "prefixItems": [INTEGER, STRING], "minItems": 2},
        {"type": "array", "prefixItems": [INTEGER, NUMBER], "minItems": 2},
        False,
        False,
    ),
    "an alternative is added": (
        {"anyOf": [INTEGER, STRING]},
        {"anyOf": [STRING, INTEGER, NULL]},
        True,
        False,
    ),
    "one of two that overlap": (
        {"anyOf": [{**INTEGER, "minimum": 0}, {**INTEGER, "maximum": 9}]},
        {"oneOf": [{**INTEGER, "minimum": 0}, {**INTEGER, "maximum": 9}]},
        False,
        True,
    ),
    "both at once": (
        {"allOf": [opened(a=INTEGER), {"required": ["b"]}]},
        {**opened(a=INTEGER), "required": ["a", "b"]},
        True,
        True,
    ),
    "not a number": ({"not": NUMBER}, {"not": INTEGER}, True, False),
    "a reference for the record itself": (
        {"properties": {"a": {"$ref": "#/$defs/N"}}, "$defs": {"N": INTEGER}},
        {"properties": {"a": INTEGER}},
        True,
        True,
    ),
    "definitions are renamed": (tree(INTEGER, "Tree"), tree(INTEGER, "Branch"), True, True),
    "a tree of numbers": (tree(INTEGER), tree(NUMBER), True, False),
    "a tree of texts": (tree(INTEGER), tree(STRING), False, False),
    "a chain may hold nulls": (chain(INTEGER), chain({"type": ["integer", "null"]}), True, False),
    "names of keys": (
        {"type": "object", "additionalProperties": INTEGER},
        {"type": "object", "additionalProperties": INTEGER, "propertyNames": {"pattern": A}},
        False,
        True,
    ),
    "names of keys by pattern": (
        {"type": "object", "additionalProperties": False, "patternProperties": {A: INTEGER}},
        {"type": "object", "additionalProperties": INTEGER, "propertyNames": {"pattern": A}},
        True,
        True,
    ),
    "a kind is added to a union": (tagged("x", "y"), tagged("x", "y", "z"), True, False),
    "a kind of a union changes": (tagged("x", "y"), tagged("x", "y", y=STRING), False, False),
    "a union is told by its kind": (
        tagged("x", "y"),
        tagged("y", "x", discriminator=True),
        True,
        True,
    ),
    "a format is an annotation": (STRING, {**STRING, "format": "date"}, True, True),
    "descriptions alone": (
        closed(a={**INTEGER, "description": "seconds"}),
        {**closed(a={**INTEGER, "title": "A"}), "description": "a record"},
        True,
        True,
    ),
    "a nested limit": (
        closed(a=array(items=closed(("b",), b={**STRING, "maxLength": 50_000}), minItems=1)),
        closed(a=array(items=closed(("b",), b={**STRING, "maxLength": 60_000}), minItems=1)),
        True,
        False,
    ),
    "pydantic 2.0 and 2.8": (PYDANTIC_2_0, PYDANTIC_2_8, True, True),
    "pydantic 2.8 and 2.11": (PYDANTIC_2_8, PYDANTIC_2_11, True, True),
    "pydantic 2.0 and 2.11": (PYDANTIC_2_0, PYDANTIC_2_11, True, True),
}
ANSWERS = {True: "yes", False: "no"}
CLASSES = {
    (True, True): "compatible",
    (True, False): "backward",
    (False, True): "forward",
    (False, False): "breaking",
}
UNDECIDED = {
    "a wider pattern": ("unknown", "no"),
    "a pattern in other words": ("unknown", "unknown"),
    "names of keys by pattern": ("yes", "unknown"),
}
"""What is left open: whether one pattern takes all that another takes."""


@pytest.fixture(scope="module")
def judged() -> dict[str, Evolution]:
    """Every pair, classified."""
    return {name: compare(old, new) for name, (old, new, _, _) in PAIRS.items()}


def both_take(schema: Schema, document: object) -> set[bool]:
    return {
        Draft202012Validator(schema).is_valid(document),
        jsonschema_rs.Draft202012Validator(schema).is_valid(document),
    }


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_judged_as_a_person_does(name: str, judged: dict[str, Evolution]) -> None:
    _, _, takes_old, taken_by_old = PAIRS[name]
    found = judged[name]
    wanted = UNDECIDED.get(name, (ANSWERS[takes_old], ANSWERS[taken_by_old]))
    assert (found.takes_old, found.taken_by_old) == wanted
    if name not in UNDECIDED:
        assert found.verdict == CLASSES[takes_old, taken_by_old]


@pytest.mark.parametrize("name", PAIRS)
def test_every_no_has_a_document_that_both_engines_judge_so(
    name: str, judged: dict[str, Evolution]
) -> None:
    old, new, takes_old, taken_by_old = PAIRS[name]
    proofs = {proof.taken_by: proof for proof in judged[name].proofs}
    assert set(proofs) == {
        side for side, takes in (("old", takes_old), ("new", taken_by_old)) if not takes
    }
    for side, proof in proofs.items():
        taker, refuser = (old, new) if side == "old" else (new, old)
        assert both_take(taker, proof.document) == {True}
        assert both_take(refuser, proof.document) == {False}
        assert proof.refused_for


def test_no_pair_is_judged_unsafely_and_at_least_95_percent_are_decided(
    judged: dict[str, Evolution],
) -> None:
    questions = [
        (answer, right)
        for name, (_, _, takes_old, taken_by_old) in PAIRS.items()
        for answer, right in (
            (judged[name].takes_old, takes_old),
            (judged[name].taken_by_old, taken_by_old),
        )
    ]
    assert len(questions) >= 72
    assert [pair for pair in questions if pair[0] not in (ANSWERS[pair[1]], "unknown")] == []
    decided = [pair for pair in questions if pair[0] != "unknown"]
    assert len(decided) >= 0.95 * len(questions)


def test_a_document_overrules_what_containment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fooled:
        """A canonical form that takes everything."""

        def covers(self, _: object) -> str:
            return "yes"

    monkeypatch.setattr(jsonschema_rs, "canonicalize", lambda *_, **__: Fooled())
    found = compare({**INTEGER, "minimum": 1}, {**INTEGER, "minimum": 0})
    assert (found.takes_old, found.taken_by_old, found.verdict) == ("yes", "no", "backward")
    assert found.proofs[0].document == 0


def test_a_no_of_which_no_document_was_found_is_unknown_and_may_break() -> None:
    found = Evolution(takes_old="no", taken_by_old="no", proofs=(), pointer="/a")
    assert (found.verdict, found.may_break) == ("unknown", True)


OPEN = [
    ("yes", "unknown", False),
    ("unknown", "yes", False),
    ("no", "unknown", True),
    ("unknown", "unknown", True),
]


@pytest.mark.parametrize(("takes_old", "taken_by_old", "may_break"), OPEN)
def test_what_is_left_open_is_unknown_and_may_break_unless_one_side_takes_all(
    takes_old: Any, taken_by_old: Any, *, may_break: bool
) -> None:
    found = Evolution(takes_old=takes_old, taken_by_old=taken_by_old, proofs=(), pointer=None)
    assert (found.verdict, found.may_break) == ("unknown", may_break)


DEFAULTS = [
    ({**INTEGER, "default": 1}, {**INTEGER, "default": 2}, "/a"),
    ({**INTEGER, "default": 1}, {"default": 1, "type": "number"}, None),
    ({**INTEGER, "default": 1}, INTEGER, None),
    (INTEGER, {**INTEGER, "default": 1}, None),
]


@pytest.mark.parametrize(("old", "new", "place"), DEFAULTS)
def test_another_default_may_break_though_no_document_tells_it(
    old: Schema, new: Schema, place: str | None
) -> None:
    found = compare(closed((), a=old), closed((), a=new))
    assert (found.other_default, found.may_break) == (place, place is not None)


def test_the_first_difference_is_named_and_words_alone_are_none() -> None:
    old, new = closed(a={**INTEGER, "minimum": 1}), closed(a={**INTEGER, "minimum": 0})
    assert compare(old, new).pointer == "/properties/a/minimum"
    assert compare(old, {**old, "description": "other words"}).pointer is None


@pytest.mark.parametrize("combiner", ["anyOf", "allOf", "not"])
def test_a_schema_that_refers_to_itself_without_end_is_undecided(combiner: str) -> None:
    here = {"$ref": "#/$defs/A"}

    def endless(value: Schema) -> Schema:
        judged = here if combiner == "not" else [here, {"items": here}, value]
        return {"$defs": {"A": {combiner: judged, **closed(a=value)}}, **here}

    found = compare(endless(INTEGER), endless(NUMBER))
    assert (found.verdict, found.proofs, found.may_break) == ("unknown", (), True)


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        compare(INTEGER, {"type": "whole"})
    with pytest.raises(ValueError, match="elsewhere"):
        compare(INTEGER, {"$ref": "http://localhost/elsewhere"})


def places(schema: Any, *, named: bool = False) -> list[Schema]:
    """Return every subschema of a schema, itself included."""
    if not isinstance(schema, dict):
        return (
            [found for item in schema for found in places(item)] if isinstance(schema, list) else []
        )
    below = [
        place
        for key, value in schema.items()
        if named or key in ("$defs", "properties", "items", "anyOf", "additionalProperties")
        for place in places(value, named=not named and key in ("$defs", "properties"))
    ]
    return below if named else [schema, *below]


ANOTHER = {"const": "another"}
CHANGES: dict[str, Any] = {
    "minimum": lambda place: place.update(minimum=place["minimum"] + 1),
    "maximum": lambda place: place.pop("maximum"),
    "minLength": lambda place: place.pop("minLength"),
    "maxLength": lambda place: place.update(maxLength=place["maxLength"] - 1),
    "minItems": lambda place: place.update(minItems=place["minItems"] + 1),
    "maxItems": lambda place: place.pop("maxItems"),
    "pattern": lambda place: place.pop("pattern"),
    "enum": lambda place: place["enum"].append("another"),
    "required": lambda place: place["required"].pop(),
    "properties": lambda place: place["properties"].update(another=INTEGER),
    "additionalProperties": lambda place: place.update(additionalProperties=ANOTHER),
}


@pytest.mark.parametrize("kind", [Completion, Program, Table, Example], ids=lambda k: k.contract)
def test_each_keyword_of_a_contract_that_changes_is_noticed_and_proved(kind: type[Record]) -> None:
    text = json.dumps(schema_of(kind))
    seen = 0
    for index, place in enumerate(places(json.loads(text))):
        for keyword in CHANGES.keys() & place.keys():
            old, new = json.loads(text), json.loads(text)
            CHANGES[keyword](places(new)[index])
            found = compare(old, new)
            assert found.verdict in ("backward", "forward"), (keyword, found)
            (proof,) = found.proofs
            taker, refuser = (old, new) if proof.taken_by == "old" else (new, old)
            assert both_take(taker, proof.document) == {True}
            assert both_take(refuser, proof.document) == {False}
            seen += 1
    assert seen >= 8
