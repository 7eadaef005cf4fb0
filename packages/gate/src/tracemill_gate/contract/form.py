"""The forms that documents of a schema can have: references followed, alternatives listed.

A schema with ``anyOf`` of three objects has three forms, each a plain set of keywords without
``$ref``, ``allOf``, ``anyOf``, ``oneOf`` or ``if``. Forms guide a search and are not exact: where
two keywords cannot be merged the first stays, ``oneOf`` is taken for ``anyOf``, and a reference is
followed only so often on one way down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.pointer import keys_of

MOST = 32
"""Forms of one schema that are looked at."""
DEEPEST = 2
"""How often the same reference is followed on the way down to one place."""
COMBINERS = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else"})
IN_PLACE = frozenset(
    {*("allOf", "anyOf", "oneOf", "not", "if", "then", "else"), "dependentSchemas"}
)
"""Keywords whose subschemas judge the value itself, not what lies in it; and ``$ref``."""
GREATEST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
FOR_ALL = frozenset({"items", "additionalProperties", "propertyNames", "contains"})
BY_NAME = frozenset({"properties", "patternProperties"})
Schema: TypeAlias = Value


@dataclass(frozen=True, kw_only=True)
class Part:
    """A subschema in its document.

    Attributes:
        schema: The subschema.
        root: The document that its references name places of.
        followed: References that led here.
    """

    schema: Schema
    root: JsonObject
    followed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """Plain keywords that a document must hold to, in their document."""

    keywords: JsonObject
    root: JsonObject
    followed: tuple[str, ...] = ()

    def part(self, schema: Schema) -> Part:
        """Return a subschema of this form."""
        return Part(schema=schema, root=self.root, followed=self.followed)

    def mapping(self, keyword: str) -> JsonObject:
        """Return the value of a keyword such as ``properties``; empty if it has none."""
        found = self.keywords.get(keyword)
        return dict(found) if isinstance(found, Mapping) else {}

    def many(self, keyword: str) -> list[Value]:
        """Return the value of a keyword such as ``required``; empty if it has none."""
        found = self.keywords.get(keyword)
        return list(found) if isinstance(found, list) else []

    def number(self, keyword: str) -> float | int | None:
        """Return the value of a keyword such as ``minimum``, None if it has none."""
        found = self.keywords.get(keyword)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else None

    def count(self, keyword: str) -> int | None:
        """Return the value of a keyword such as ``minItems``, None if it has none."""
        found = self.number(keyword)
        return None if found is None else int(found)


def forms(part: Part) -> tuple[Form, ...]:
    """Return the forms of a subschema; none for ``false`` and what cannot be followed."""
    if part.schema is True:
        return (Form(keywords={}, root=part.root, followed=part.followed),)
    if not isinstance(part.schema, Mapping):
        return ()
    own = {key: value for key, value in part.schema.items() if key not in COMBINERS}
    found = [Form(keywords=own, root=part.root, followed=part.followed)]
    for group in _groups(part):
        alternatives = [form for alternative in group for form in forms(alternative)]
        found = [
            form
            for one in found
            for other in alternatives
            if (form := _both(one, other)) is not None
        ][:MOST]
    return tuple(found)


def is_endless(root: JsonObject) -> bool:
    """Tell whether a reference leads back to itself for the same value of a document.

    Draft 2020-12 (core, 9.4.1) forbids it, and engines run out of stack or say anything.
    """
    to = {
        reference: {below for target in targets(root, reference) for below in _in_place(target)}
        for reference in _references(root)
    }
    while done := [reference for reference in to if not to[reference] & to.keys()]:
        for reference in done:
            del to[reference]
    return bool(to)


def _references(schema: Schema) -> Iterator[str]:
    """Yield every reference in a schema."""
    if isinstance(schema, Mapping):
        if isinstance(found := schema.get("$ref"), str):
            yield found
        yield from (found for item in schema.values() for found in _references(item))
    elif isinstance(schema, list):
        yield from (found for item in schema for found in _references(item))


def _in_place(schema: Schema) -> Iterator[str]:
    """Yield the references that a schema follows without going down into a value."""
    if not isinstance(schema, Mapping):
        return
    if isinstance(found := schema.get("$ref"), str):
        yield found
    for keyword in IN_PLACE & schema.keys():
        below = schema[keyword]
        if keyword == "dependentSchemas" and isinstance(below, Mapping):
            below = list(below.values())
        for item in below if isinstance(below, list) else [below]:
            yield from _in_place(item)


def _groups(part: Part) -> Iterator[tuple[Part, ...]]:
    """Yield for each combining keyword the subschemas of which one must hold."""
    schema = part.schema
    assert isinstance(schema, Mapping)  # noqa: S101 - told to the type checker; forms() has looked
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield _followed(part, reference)
    for keyword in ("anyOf", "oneOf"):
        if isinstance(found := schema.get(keyword), list):
            yield tuple(_sub(part, item) for item in found)
    if isinstance(found := schema.get("allOf"), list):
        yield from ((_sub(part, item),) for item in found)
    if "if" in schema:
        then: Schema = {"allOf": [schema["if"], schema.get("then", True)]}
        yield (_sub(part, then), _sub(part, schema.get("else", True)))


def _sub(part: Part, schema: Schema) -> Part:
    return Part(schema=schema, root=part.root, followed=part.followed)


def _followed(part: Part, reference: str) -> tuple[Part, ...]:
    if part.followed.count(reference) >= DEEPEST:
        return ()
    followed = (*part.followed, reference)
    return tuple(
        Part(schema=target, root=part.root, followed=followed)
        for target in targets(part.root, reference)
    )


def targets(root: JsonObject, reference: str) -> tuple[Schema, ...]:
    """Return what a reference by JSON pointer leads to; nothing for any other reference."""
    if reference != "#" and not reference.startswith("#/"):
        return ()
    target: Schema = root
    for key in keys_of(reference):
        if isinstance(target, Mapping) and key in target:
            target = target[key]
        elif isinstance(target, list) and key.isdecimal() and int(key) < len(target):
            target = target[int(key)]
        else:
            return ()
    return (target,)


def _both(one: Form, other: Form) -> Form | None:
    """Return the form that holds to both, None if their types have nothing in common."""
    merged = dict(one.keywords)
    for key, value in other.keywords.items():
        merged[key] = _merged(key, merged[key], value) if key in merged else value
    if merged.get("type") == []:
        return None
    longer = max(one.followed, other.followed, key=len)
    return Form(keywords=merged, root=one.root, followed=longer)


def _merged(key: str, one: Value, other: Value) -> Value:
    """Return the value of a keyword that stands for two; the first where there is none."""
    if key == "type":
        return _common_types(one, other)
    if isinstance(one, list) and isinstance(other, list):
        both = [item for item in one if item in other]
        return [*one, *(item for item in other if item not in one)] if key == "required" else both
    if key in BY_NAME and isinstance(one, Mapping) and isinstance(other, Mapping):
        shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
        return {**one, **other, **shared}
    if key in FOR_ALL:
        return {"allOf": [one, other]}
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(one, other) if key in GREATEST else min(one, other)
    return one


def _common_types(one: Value, other: Value) -> Value:
    left = {str(item) for item in (one if isinstance(one, list) else [one])}
    right = {str(item) for item in (other if isinstance(other, list) else [other])}
    common = left & right
    if "number" in left | right and "integer" in left | right:
        common |= {"integer"}
    return sorted(common)
