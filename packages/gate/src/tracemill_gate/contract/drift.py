"""Do the schema files still say what the records say? Compared by meaning, not by bytes.

Pydantic writes the same record differently from release to release, so equal canonical JSON is
only the quick answer; else each schema must contain the other (``containment`` decides it, and
undecided counts as drift). Descriptions carry the units and defaults say what an absent key means:
a validator passes over both, so they are compared by themselves (``note``). Titles may differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import orjson

from tracemill_gate.contract.containment import covers
from tracemill_gate.contract.note import other_note
from tracemill_gate.fault import FileFault, Report
from tracemill_schema.canonical import JsonObject, Value, canonical_bytes
from tracemill_schema.contract import schema_of, schema_path
from tracemill_schema.pointer import escaped
from tracemill_schema.record import Record

Relation = Literal["same", "different", "undecided"]
WRITE = "run `tracemill gate contracts write` and commit the file"
TITLE = frozenset({"title"})
ANNOTATIONS = frozenset({"title", "description"})


def check_schemas(folder: Path, kinds: Sequence[type[Record]]) -> Report:
    """Compare the schema file of every contract with its record."""
    faults = [fault for kind in kinds if (fault := _check(folder, kind))]
    known = {schema_path(folder, kind) for kind in kinds}
    for path in sorted(folder.glob("*.schema.json")):
        if path not in known:
            message = "no record writes this contract; delete the file or add its record"
            faults.append(FileFault(where=path.name, message=message))
    return Report(checked=len(kinds), faults=tuple(faults))


def relation(left: JsonObject, right: JsonObject) -> Relation:
    """Tell whether two schemas take the same documents.

    Raises:
        ValueError: if one of them is not a JSON Schema.
    """
    answers = {covers(left, right), covers(right, left)}
    if answers == {"yes"}:
        return "same"
    return "different" if "no" in answers else "undecided"


def first_difference(
    left: Value, right: Value, pointer: str = "", *, but: frozenset[str] = ANNOTATIONS
) -> str | None:
    """Return the JSON pointer of the first difference of two schemas, or None.

    Args:
        left: A schema.
        right: Another one.
        pointer: Where both lie.
        but: Keywords that may differ.
    """
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in sorted(left.keys() | right.keys()):
            here = f"{pointer}/{escaped(key)}"
            if key in left and key in right:
                if found := first_difference(left[key], right[key], here, but=but):
                    return found
            elif key not in but or pointer.endswith("/properties"):
                return here
        return None
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        places = (first_difference(a, b, f"{pointer}/{i}", but=but) for i, (a, b) in pairs)
        return next((place for place in places if place), None)
    return None if left == right or _may_differ(pointer, but) else pointer


def _check(folder: Path, kind: type[Record]) -> FileFault | None:
    path = schema_path(folder, kind)
    wanted: JsonObject = orjson.loads(canonical_bytes(schema_of(kind)))
    try:
        got = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return FileFault(where=path.name, message=f"wanted the schema, got no file; {WRITE}")
    except (OSError, orjson.JSONDecodeError) as error:
        return FileFault(where=path.name, message=f"wanted JSON, got {error}; {WRITE}")
    if got == wanted:
        return None
    if not isinstance(got, dict):
        return FileFault(where=path.name, message=f"wanted an object; {WRITE}")
    return _drifted(path, got, wanted)


def _drifted(path: Path, got: JsonObject, wanted: JsonObject) -> FileFault | None:
    if got.get("$id") != wanted["$id"] or got.get("$schema") != wanted["$schema"]:
        message = f"wanted $id {wanted['$id']} of draft 2020-12, got another; {WRITE}"
        return FileFault(where=path.name, message=message)
    pointer = first_difference(wanted, got)
    if pointer is None:
        place = first_difference(wanted, got, but=TITLE)
        return None if place is None else _other_note(path, "description", f"at {place}")
    try:
        found = relation(got, wanted)
    except ValueError as error:
        words = str(error).splitlines()[0]
        return FileFault(where=path.name, message=f"not a JSON Schema ({words}); {WRITE}")
    if found == "same":
        return _first_other_note(path, got, wanted)
    verb = {"different": "does not mean", "undecided": "may not mean"}[found]
    message = f"{verb} what the record says, first at {pointer}; {WRITE}"
    return FileFault(where=path.name, message=message)


def _first_other_note(path: Path, got: JsonObject, wanted: JsonObject) -> FileFault | None:
    for keyword in ("description", "default"):
        if (place := other_note(wanted, got, keyword)) is not None:
            return _other_note(path, keyword, f"of {place or '(document)'}")
    return None


def _other_note(path: Path, keyword: str, place: str) -> FileFault:
    message = f"another {keyword} than the record's, first {place}; {WRITE}"
    return FileFault(where=path.name, message=message)


def _may_differ(pointer: str, but: frozenset[str]) -> bool:
    parent, _, key = pointer.rpartition("/")
    return key in but and not parent.endswith("/properties")
