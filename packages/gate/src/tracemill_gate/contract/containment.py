"""Does one schema take every document of another?

``jsonschema-rs`` answers on canonical forms, but leaves open what refers to itself. There a proof
is tried with few rules: a reference is followed, and where the same claim is met again below a key
or an item it is taken for granted, because every document ends somewhere (induction over its
depth). Each rule is sound and together they are not complete: the answers are ``yes``, ``no`` and
``unknown``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import jsonschema_rs
import orjson

from tracemill_gate.contract.form import is_endless
from tracemill_gate.contract.pattern import with_ten_digits
from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.pointer import keys_of

Answer = Literal["yes", "no", "unknown"]
ANNOTATIONS = frozenset(
    ("title", "description", "default", "examples", "deprecated", "$comment", "$schema", "$id")
)
DATA = frozenset(("const", "enum"))
DEFINITIONS = "#/$defs/"
OBJECT = frozenset({"type", "properties", "required", "additionalProperties"})
ARRAY = frozenset({"type", "items", "minItems", "maxItems"})


def covers(taker: JsonObject, given: JsonObject) -> Answer:
    """Tell whether ``taker`` takes every document that ``given`` takes (draft 2020-12).

    Raises:
        ValueError: one of them is not a JSON Schema.
    """
    taker, given = (
        {key: _with_ten_digits(key, value) for key, value in schema.items()}
        for schema in (taker, given)
    )
    if is_endless(taker) or is_endless(given):
        return "unknown"
    answer = _canonically(taker, given)
    if answer != "unknown" or not all(
        _refers_to_definitions_only(schema) for schema in (taker, given)
    ):
        return answer
    proof = _Proof(taker=taker, given=given)
    return "yes" if proof.holds(_without(given, "$defs"), _without(taker, "$defs")) else "unknown"


@dataclass(frozen=True, kw_only=True)
class _Proof:
    """An attempt to prove that one schema takes all documents of another.

    Attributes:
        taker: The document of the schema that takes.
        given: The document of the schema whose documents are taken.
        granted: Claims that may be used: each is being proved for a larger document.
        open: Claims that are being proved for the same document, and may not be used.
    """

    taker: JsonObject
    given: JsonObject
    granted: frozenset[bytes] = frozenset()
    open: frozenset[bytes] = frozenset()

    def holds(self, given: Value, taker: Value) -> bool:
        """Tell whether a subschema of ``taker`` is proved to take all of one of ``given``."""
        given, taker = _plain(given), _plain(taker)
        claim = orjson.dumps((given, taker), option=orjson.OPT_SORT_KEYS)
        if given is False or taker is True or taker == {} or claim in self.granted:
            return True
        if claim in self.open:
            return False
        if self._canonically(given, taker) == "yes":
            return True
        return replace(self, open=self.open | {claim})._by_rules(given, taker)

    def _canonically(self, given: Value, taker: Value) -> Answer:
        whole: list[JsonObject] = []
        for schema, root in ((taker, self.taker), (given, self.given)):
            own = dict(schema) if isinstance(schema, Mapping) else {"allOf": [schema]}
            whole.append({**own, "$defs": root.get("$defs", {})})
        return _canonically(*whole)

    def _by_rules(self, given: Value, taker: Value) -> bool:
        if (name := _sole(given, "$ref")) is not None:
            return self.holds(_definition(self.given, name, missing=True), taker)
        if (name := _sole(taker, "$ref")) is not None:
            return self.holds(given, _definition(self.taker, name, missing=False))
        # What exactly one alternative takes, one alternative takes: so oneOf is given like anyOf.
        alternatives = _sole(given, "anyOf") or _sole(given, "oneOf")
        if isinstance(alternatives, list):
            return all(self.holds(item, taker) for item in alternatives)
        if isinstance(alternatives := _sole(taker, "anyOf"), list):
            return any(self.holds(given, item) for item in alternatives)
        below = replace(self, granted=self.granted | self.open, open=frozenset())
        return below._object(given, taker) or below._array(given, taker)

    def _object(self, given: Value, taker: Value) -> bool:
        one, other = _typed(given, "object", OBJECT), _typed(taker, "object", OBJECT)
        if one is None or other is None:
            return False
        if not set(_list(other, "required")) <= set(_list(one, "required")):
            return False
        names = dict.fromkeys((*_properties(one), *_properties(other), None))
        return all(self.holds(_at(one, name), _at(other, name)) for name in names)

    def _array(self, given: Value, taker: Value) -> bool:
        one, other = _typed(given, "array", ARRAY), _typed(taker, "array", ARRAY)
        if one is None or other is None:
            return False
        return (
            _number(other, "minItems", 0) <= _number(one, "minItems", 0)
            and _number(one, "maxItems", math.inf) <= _number(other, "maxItems", math.inf)
            and self.holds(one.get("items", True), other.get("items", True))
        )


def _canonically(taker: JsonObject, given: JsonObject) -> Answer:
    draft = jsonschema_rs.Draft202012
    try:
        one, other = (
            jsonschema_rs.canonicalize(schema, draft=draft, offline=True)
            for schema in (taker, given)
        )
        found = str(one.covers(other))
    except jsonschema_rs.canonical.CanonicalizationError:
        return "unknown"
    answers: Mapping[str, Answer] = {"yes": "yes", "no": "no"}
    return answers.get(found, "unknown")


def _with_ten_digits(keyword: str, value: Value) -> Value:
    """Return the value of a keyword, with the patterns in it spelt alike."""
    if keyword in ANNOTATIONS | DATA:
        return value
    if keyword == "pattern" and isinstance(value, str):
        return with_ten_digits(value)
    if isinstance(value, list):
        return [_with_ten_digits("", item) for item in value]
    if not isinstance(value, Mapping):
        return value
    below = {key: _with_ten_digits(key, item) for key, item in value.items()}
    if keyword == "patternProperties":
        respelt = {with_ten_digits(key): item for key, item in below.items()}
        return respelt if len(respelt) == len(below) else below
    return below


def _plain(schema: Value) -> Value:
    """Return a subschema without annotations, and without an ``allOf`` of one."""
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: value for key, value in schema.items() if key not in ANNOTATIONS}
    only = kept.get("allOf")
    if len(kept) == 1 and isinstance(only, list) and len(only) == 1:
        return _plain(only[0])
    return kept


def _without(schema: JsonObject, key: str) -> JsonObject:
    return {name: value for name, value in schema.items() if name != key}


def _sole(schema: Value, keyword: str) -> Value:
    """Return the value of a keyword that stands alone, else None."""
    return schema[keyword] if isinstance(schema, Mapping) and list(schema) == [keyword] else None


def _typed(schema: Value, kind: str, keys: frozenset[str]) -> Mapping[str, Value] | None:
    """Return a subschema of one type that has no other keywords than some, else None."""
    if isinstance(schema, Mapping) and schema.get("type") == kind and schema.keys() <= keys:
        return schema
    return None


def _definition(root: JsonObject, reference: Value, *, missing: bool) -> Value:
    definitions = root.get("$defs")
    name = keys_of(str(reference))[-1]
    return definitions.get(name, missing) if isinstance(definitions, Mapping) else missing


def _list(schema: Mapping[str, Value], keyword: str) -> Sequence[Value]:
    found = schema.get(keyword)
    return found if isinstance(found, list) else ()


def _number(schema: Mapping[str, Value], keyword: str, default: float) -> float:
    found = schema.get(keyword, default)
    return found if isinstance(found, int | float) else default


def _properties(schema: Mapping[str, Value]) -> Mapping[str, Value]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _at(schema: Mapping[str, Value], name: str | None) -> Value:
    """Return what the value of a key must meet; None stands for a key that is not named."""
    named, other = _properties(schema), schema.get("additionalProperties", True)
    return named[name] if name is not None and name in named else other


def _refers_to_definitions_only(schema: JsonObject) -> bool:
    """Tell whether a part of the schema may be moved: no reference but to ``$defs``."""
    return all(
        isinstance(value, str) and value.startswith(DEFINITIONS) and value.count("/") == 2
        for value in _references(_without(schema, "$id"))
    )


def _references(value: Value) -> Iterator[Value]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("$ref", "$id", "$anchor", "$dynamicRef", "$dynamicAnchor"):
                yield item
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
