"""What a schema says beside which documents it takes: descriptions (with units) and defaults.

The notes of two schemas are compared by the place in the document that they are about, so that
another spelling of the same schema (a reference or its target, ``allOf`` of one) says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import orjson

from tracemill_gate.contract.form import targets
from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.pointer import escaped

Subschemas: TypeAlias = tuple[Mapping[str, Value], ...]
"""All that one schema says of one place: through references and alternatives there are several."""


def other_note(
    left: JsonObject, right: JsonObject, keyword: str, *, in_both: bool = False
) -> str | None:
    """Return the first place of which two schemas say something else.

    Args:
        left: A schema of draft 2020-12.
        right: Another one.
        keyword: ``description`` or ``default``.
        in_both: Count only places of which both say something.

    Returns:
        A JSON pointer into the document, with ``*`` for any item or unnamed key; None if there is
        no such place.
    """
    waiting = [("", _at(left, left), _at(right, right))]
    seen = set()
    for pointer, one, other in waiting:  # grows while it is gone through
        pair = tuple(map(id, one)), tuple(map(id, other))
        if pair in seen:
            continue
        seen.add(pair)
        said, told = _notes(one, keyword), _notes(other, keyword)
        if said != told and not (in_both and not (said and told)):
            return pointer
        parts, others = dict(_parts(left, one)), dict(_parts(right, other))
        waiting += [
            (f"{pointer}/{key}", parts.get(key, ()), others.get(key, ()))
            for key in sorted(parts.keys() | others.keys())
        ]
    return None


def _notes(subschemas: Subschemas, keyword: str) -> set[bytes]:
    return {
        orjson.dumps(each[keyword], option=orjson.OPT_SORT_KEYS)
        for each in subschemas
        if keyword in each
    }


def _at(root: JsonObject, *schemas: Value) -> Subschemas:
    """Return what some subschemas of one place say of it, references followed."""
    found: list[Mapping[str, Value]] = []
    followed: set[str] = set()
    waiting = list(schemas)
    for schema in waiting:  # grows while it is gone through
        if not isinstance(schema, Mapping):
            continue
        found.append(schema)
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference not in followed:
            followed.add(reference)
            waiting += targets(root, reference)
        for keyword in ("allOf", "anyOf", "oneOf"):
            if isinstance(below := schema.get(keyword), list):
                waiting += below
    return tuple(found)


def _parts(root: JsonObject, subschemas: Subschemas) -> Iterator[tuple[str, Subschemas]]:
    """Yield the parts of a place with what is said of them."""
    found: dict[str, list[Value]] = {}
    for schema in subschemas:
        if isinstance(named := schema.get("properties"), Mapping):
            for name, below in named.items():
                found.setdefault(escaped(name), []).append(below)
        if isinstance(prefix := schema.get("prefixItems"), list):
            for index, below in enumerate(prefix):
                found.setdefault(str(index), []).append(below)
        for keyword in ("items", "additionalProperties"):
            if keyword in schema:
                found.setdefault("*", []).append(schema[keyword])
    for key, below in found.items():
        yield key, _at(root, *below)
