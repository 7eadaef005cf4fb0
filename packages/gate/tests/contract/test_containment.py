"""Containment of schemas that refer to themselves, and what is not taken for granted."""

from __future__ import annotations

from typing import Any

import pytest

from tracemill_gate.contract.containment import covers

Schema = dict[str, Any]
INTEGER, NUMBER, STRING = {"type": "integer"}, {"type": "number"}, {"type": "string"}
NULL = {"type": "null"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def chain(value: Any, name: str = "C", **keywords: Any) -> Schema:
    rest = {"anyOf": [ref(name), NULL]}
    node = {"type": "object", "properties": {"value": value, "rest": rest}, **keywords}
    return {"$defs": {name: node}, **ref(name)}


def lists(leaf: Any, **keywords: Any) -> Schema:
    either = {"anyOf": [leaf, {"type": "array", "items": ref("L"), **keywords}]}
    return {"$defs": {"L": either}, **ref("L")}


CLOSED = {"additionalProperties": False}
NEEDS = {"required": ["value"]}
PROVED = [
    ("itself", chain(INTEGER), chain(INTEGER)),
    ("another name", chain(INTEGER, "D"), chain(INTEGER, "C")),
    ("wider values", chain(NUMBER), chain(INTEGER)),
    ("a wider alternative", chain({"anyOf": [STRING, INTEGER]}), chain(INTEGER)),
    ("one of", chain({"anyOf": [STRING, INTEGER]}), chain({"oneOf": [INTEGER, STRING]})),
    ("fewer needed", chain(INTEGER), chain(INTEGER, **NEEDS)),
    ("opened", chain(INTEGER), chain(INTEGER, **CLOSED)),
    (
        "annotations",
        chain({**INTEGER, "title": "T"}),
        chain({"allOf": [{**INTEGER, "default": 3}]}),
    ),
    ("lists", lists(NUMBER), lists(INTEGER)),
    ("longer lists", lists(INTEGER, maxItems=5), lists(INTEGER, maxItems=3, minItems=1)),
    ("nothing", lists(INTEGER), False),
]


@pytest.mark.parametrize(
    ("taker", "given"), [case[1:] for case in PROVED], ids=[c[0] for c in PROVED]
)
def test_what_follows_by_induction_is_proved(taker: Schema, given: Any) -> None:
    assert covers(taker, given if isinstance(given, dict) else {"not": {}}) == "yes"


BELOW = chain(ref("N/items"))
BELOW["$defs"] |= {"N": {"items": NUMBER}, "N/items": INTEGER}
OPEN = [
    ("narrower values", chain(INTEGER), chain(NUMBER)),
    ("more needed", chain(INTEGER, **NEEDS), chain(INTEGER)),
    ("closed", chain(INTEGER, **CLOSED), chain(INTEGER)),
    ("shorter lists", lists(INTEGER, maxItems=3), lists(INTEGER, maxItems=5)),
    ("more items", lists(INTEGER, minItems=1), lists(INTEGER)),
    ("exactly one", chain({"oneOf": [INTEGER, NUMBER]}), chain(INTEGER)),
    ("missing", chain(INTEGER), chain(ref("None"))),
    ("a place below a definition", chain(INTEGER), BELOW),
    ("the whole", {"properties": {"a": {"$ref": "#"}, "b": INTEGER}}, chain(INTEGER)),
]


@pytest.mark.parametrize(("taker", "given"), [case[1:] for case in OPEN], ids=[c[0] for c in OPEN])
def test_what_is_wrong_or_too_hard_is_never_proved(taker: Schema, given: Schema) -> None:
    assert covers(taker, given) != "yes"


def test_a_claim_is_not_taken_for_granted_for_the_same_document() -> None:
    # Each alternative leads back without a key or an item in between: nothing was proved by it.
    loop = {"$defs": {"A": {"anyOf": [ref("A"), INTEGER]}}, **ref("A")}
    assert covers({"$defs": {"B": {"anyOf": [ref("B"), NULL]}}, **ref("B")}, loop) != "yes"


UNREADABLE = [
    (
        "unsupported",
        {"type": "array"},
        {"not": {"type": "array", "items": {"enum": ["a"]}, "prefixItems": [INTEGER]}},
    ),
    ("the whole itself", {"anyOf": [{"$ref": "#"}, NUMBER]}, {"anyOf": [{"$ref": "#"}, INTEGER]}),
]


@pytest.mark.parametrize(
    ("taker", "given"), [case[1:] for case in UNREADABLE], ids=[c[0] for c in UNREADABLE]
)
def test_what_has_no_canonical_form_is_unknown(taker: Schema, given: Schema) -> None:
    assert (covers(taker, given), covers(given, taker)) == ("unknown", "unknown")


DIGITS = {"type": "string", "pattern": r"^\d{4}\.[\d-]\\d$"}
TENS = {"type": "string", "pattern": r"^[0-9]{4}\.[\d-]\\d$"}


def test_a_digit_is_one_of_ten_as_json_schema_says() -> None:
    assert (covers(DIGITS, TENS), covers(TENS, DIGITS)) == ("yes", "yes")
    named = [{"patternProperties": {each["pattern"]: INTEGER}} for each in (DIGITS, TENS)]
    assert (covers(*named), covers(*reversed(named))) == ("yes", "yes")


def test_words_that_only_look_like_patterns_are_left_alone() -> None:
    one, other = ({"const": {"pattern": each["pattern"]}} for each in (DIGITS, TENS))
    assert covers(one, other) == "no"
    both = {"patternProperties": {r"^\d$": INTEGER, "^[0-9]$": NUMBER}}
    assert covers({"patternProperties": {"^[0-9]$": INTEGER}}, both) != "no"
    assert covers(both, {"patternProperties": {"^[0-9]$": NUMBER}}) != "yes"


def test_plain_schemas_are_answered_both_ways() -> None:
    assert covers(NUMBER, INTEGER) == "yes"
    assert covers(INTEGER, STRING) == "no"
    with pytest.raises(ValueError, match="whole"):
        covers({"type": "whole"}, INTEGER)
