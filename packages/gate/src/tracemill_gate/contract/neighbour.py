"""Documents near what some schemas say: the places where two of them could differ.

For each form of a schema its least and its fullest document is made, and then one change at a time:
each constant and bound and its neighbours, texts of each pattern, other types, each key left out,
an unknown key, lists of other lengths. No chance is involved and the number is bounded. A document
is only a guess: the engines say who takes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import jsonschema_rs
import orjson

from tracemill_gate.contract.form import Form, Part, forms
from tracemill_gate.contract.pattern import samples
from tracemill_schema.canonical import JsonObject, Value

MOST = 2_000
"""Values that are tried at one place; nested places multiply only by one change at a time."""
LONGEST_LIST = 100_000
LONGEST_TEXT = 1_000_000
"""Lists, objects and texts beyond these lengths are not made, so a larger bound is not tried."""
LONG = 10_000
"""Bytes of a value that is long."""
MOST_LONG = 50_000_000
"""Bytes of all long values at one place: where the least document is long, so is every other."""
PROBES: tuple[Value, ...] = (None, True, False, 0, 1, -1, 0.5, "", "a", "\n", [], {}, [0], {"a": 0})
UNKNOWN_KEY = "unknown"
MOST_KEYS = 60
"""Keys that are tried because a pattern or ``propertyNames`` may take them."""
LARGEST = 2**63
"""Whole numbers from here on do not fit in 64 bits; canonical JSON has none."""
OWN_TYPE = (
    (("properties", "required", "additionalProperties", "patternProperties"), "object"),
    (("minProperties", "maxProperties", "propertyNames"), "object"),
    (("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"), "array"),
    (("minLength", "maxLength", "pattern"), "string"),
    (("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
)
"""Which type a form without ``type`` talks about."""
SCALAR = frozenset(
    {
        *("type", "enum", "const", "minLength", "maxLength", "pattern"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    }
)
"""Keywords that a text or number can be held to without the rest of the schema."""


def near(parts: tuple[Part, ...], *, most: int = MOST) -> list[Value]:
    """Return different values near what any of some subschemas of one place says."""
    found: dict[bytes, Value] = {}
    left = MOST_LONG
    for value in _near(parts):
        spelt = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        found.setdefault(spelt, value)
        left -= len(spelt) if len(spelt) > LONG else 0
        if len(found) >= most or left < 0:
            break
    return list(found.values())


def _near(parts: tuple[Part, ...]) -> Iterator[Value]:
    found = [form for part in parts for form in forms(part)]
    for form in found:
        yield from _plain(form)
    yield from PROBES
    if lists := [form for form in found if "array" in _types(form)]:
        yield from _lists(lists)
    if objects := [form for form in found if "object" in _types(form)]:
        yield from _objects(objects)
    barred = tuple(form.part(form.keywords["not"]) for form in found if "not" in form.keywords)
    if barred:
        yield from near(barred)


def first(part: Part) -> tuple[Value, ...]:
    """Return a document that a subschema probably takes; an empty tuple if none is found."""
    for form in forms(part):
        if found := _first_of(form):
            return found
    return ()


def _first_of(form: Form) -> tuple[Value, ...]:
    kind = _types(form)[0]
    if "const" in form.keywords or "enum" in form.keywords or kind not in ("object", "array"):
        own = {key: form.keywords[key] for key in form.keywords if key in SCALAR}
        holds = jsonschema_rs.Draft202012Validator(own)
        return tuple(itertools.islice((v for v in _plain(form) if holds.is_valid(v)), 1))
    if kind == "array":
        return _list_of(form, form.count("minItems") or 0)
    return _object_of(form, [str(name) for name in form.many("required")])


def _types(form: Form) -> list[str]:
    """Return the types that a form talks about; the first is that of its first document."""
    said = form.keywords.get("type")
    if said is not None:
        return [str(item) for item in (said if isinstance(said, list) else [said])]
    talked = [kind for keywords, kind in OWN_TYPE if form.keywords.keys() & set(keywords)]
    return talked or ["null"]


def _plain(form: Form) -> Iterator[Value]:
    """Yield constants, and the values around bounds and lengths."""
    if "const" in form.keywords:
        yield form.keywords["const"]
    yield from form.many("enum")
    types = _types(form)
    if "string" in types:
        yield from _texts(form)
    if "integer" in types or "number" in types:
        yield from _numbers(form)
    yield from ({"null": (None,), "boolean": (False, True)}.get(types[0], ()))


def _texts(form: Form) -> Iterator[str]:
    pattern = form.keywords.get("pattern")
    if isinstance(pattern, str):
        for text in samples(pattern):
            yield from (text, text + "x", text.upper(), text[:-1])
    bounds = (form.count("minLength"), form.count("maxLength"))
    for length in dict.fromkeys(n + d for n in (0, *bounds) if n is not None for d in (0, 1, -1)):
        if 0 <= length <= LONGEST_TEXT:
            yield "a" * length


def _numbers(form: Form) -> Iterator[float | int]:
    keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    step = form.number("multipleOf") or 1
    for bound in (*(form.number(keyword) for keyword in keywords), 0):
        if bound is None:
            continue
        nearest = bound // step * step
        for value in (bound, nearest):
            around = (value, value + step, value - step, value + 1, value - 1)
            halves = (value + 0.5, value - 0.5, value + step / 2)
            yield from (number for number in (*around, *halves) if abs(number) < LARGEST)


def _lists(found: list[Form]) -> Iterator[list[Value]]:
    places = max((len(form.many("prefixItems")) for form in found), default=0)
    at = [near(tuple(_items(found, index))) for index in range(places + 1)]
    inside = tuple(
        form.part(form.keywords["contains"]) for form in found if "contains" in form.keywords
    )
    contained = near(inside) if inside else []
    for form in found:
        bounds = (form.count("minItems"), form.count("maxItems"), places, 0)
        least = form.count("minItems") or 0
        for length in dict.fromkeys(n + d for n in bounds if n is not None for d in (0, 1, -1, 2)):
            if 0 <= length <= LONGEST_LIST:
                yield from _list_of(form, length)
        for index in range(places + 1):
            for base in _list_of(form, max(least, index + 1)):
                yield from ([*base[:index], value, *base[index + 1 :]] for value in at[index])
                yield from (
                    [*base[:index], value, value, *base[index + 1 :]] for value in at[index]
                )
        yield from ([value] * count for value in contained for count in (1, 2, max(least, 3)))


def _items(found: list[Form], index: int) -> Iterator[Part]:
    for form in found:
        prefix = form.many("prefixItems")
        yield form.part(prefix[index] if index < len(prefix) else form.keywords.get("items", True))


def _list_of(form: Form, length: int) -> tuple[list[Value], ...]:
    """Return a list of some length whose items are probably right, if any can be made."""
    prefix = [
        part for index in range(len(form.many("prefixItems"))) for part in _items([form], index)
    ]
    (rest,) = _items([form], len(prefix))
    made = [value for part in prefix[:length] for value in first(part)]
    if length > len(prefix):
        choices: list[Value] = list(first(rest))
        if form.keywords.get("uniqueItems"):
            choices += [value for value in near((rest,)) if value not in choices]
        wanted = length - len(made)
        made += [*choices[:1] * wanted] if len(choices) < wanted else choices[:wanted]
    return (made,) if len(made) == length else ()


def _objects(found: list[Form]) -> Iterator[JsonObject]:
    names = list(dict.fromkeys(name for form in found for name in _names(form)))
    at = {name: near(tuple(_values(found, name))) for name in names}
    keys = list(dict.fromkeys(key for form in found for key in _keys(form)))
    other = near(tuple(_values(found, UNKNOWN_KEY)))
    for form in found:
        least = _object_of(form, [str(name) for name in form.many("required")])
        fullest = _object_of(form, list(_names(form)))
        for base in (*least, *fullest):
            yield base
            yield from ({k: v for k, v in base.items() if k != name} for name in base)
            for name in names:
                yield from ({**base, name: value} for value in at[name])
            yield from ({**base, key: value} for key in keys for value in other)
            yield from _of_size(form, base)


def _names(form: Form) -> Iterator[str]:
    yield from form.mapping("properties")
    yield from (str(name) for name in form.many("required"))


def _keys(form: Form) -> Iterator[str]:
    """Yield keys that the schema does not name: an unknown one, and what patterns take."""
    yield UNKNOWN_KEY
    for pattern in form.mapping("patternProperties"):
        yield from samples(pattern)[:MOST_KEYS]
    if "propertyNames" in form.keywords:
        found = near((form.part(form.keywords["propertyNames"]),), most=MOST_KEYS)
        yield from (key for key in found if isinstance(key, str))


def _values(found: list[Form], name: str) -> Iterator[Part]:
    """Yield the subschemas of the value of a key."""
    for form in found:
        named = form.mapping("properties")
        patterns = list(form.mapping("patternProperties").values())
        if name in named:
            yield form.part(named[name])
        elif name == UNKNOWN_KEY and patterns:
            yield from (form.part(schema) for schema in patterns)
        if name not in named and "additionalProperties" in form.keywords:
            yield form.part(form.keywords["additionalProperties"])


def _object_of(form: Form, names: list[str]) -> tuple[JsonObject, ...]:
    """Return an object with some keys whose values are probably right, if one can be made."""
    made: JsonObject = {}
    required = form.many("required")
    for name in names:
        parts = tuple(_values([form], name)) or (form.part(schema=True),)
        if found := first(parts[0]):
            made[name] = found[0]
        elif name in required:
            return ()
    for base in _of_size(form, made):
        if len(base) == (form.count("minProperties") or 0) > len(made):
            return (base,)
    return (made,)


def _of_size(form: Form, base: JsonObject) -> Iterator[JsonObject]:
    """Yield the object with further keys, so that it has each number of keys near a bound."""
    for bound in (form.count("minProperties"), form.count("maxProperties")):
        if bound is None or bound > LONGEST_LIST:
            continue
        parts = tuple(_values([form], UNKNOWN_KEY)) or (form.part(schema=True),)
        value = first(parts[0])
        for size in (bound - 1, bound, bound + 1):
            more = {f"key{n}": each for n in range(size - len(base)) for each in value}
            yield {**base, **more}
