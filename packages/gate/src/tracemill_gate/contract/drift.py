"""Do the schema files still say what the records say? Compared by meaning, not by bytes.

Pydantic writes the same record differently from release to release, so equal canonical JSON is
only the quick answer; else each schema must contain the other (``jsonschema_rs`` decides
containment on canonical schemas; undecided counts as drift). Titles and descriptions have no
meaning to a validator: they may differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import jsonschema_rs
import orjson

from tracemill_gate.fault import FileFault, Report
from tracemill_schema.canonical import JsonObject, Value, canonical_bytes
from tracemill_schema.contract import schema_of, schema_path
from tracemill_schema.record import Record

Relation = Literal["same", "different", "undecided"]
WRITE = "run `tracemill gate contracts write` and commit the file"
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
    one, other = jsonschema_rs.canonicalize(left), jsonschema_rs.canonicalize(right)
    answers = {str(one.covers(other)), str(other.covers(one))}
    if answers == {"yes"}:
        return "same"
    return "different" if "no" in answers else "undecided"


def first_difference(left: Value, right: Value, pointer: str = "") -> str | None:
    """Return the JSON pointer of the first difference that is no annotation, or None."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in sorted(left.keys() | right.keys()):
            here = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in left and key in right:
                if found := first_difference(left[key], right[key], here):
                    return found
            elif key not in ANNOTATIONS or pointer.endswith("/properties"):
                return here
        return None
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        places = (first_difference(a, b, f"{pointer}/{index}") for index, (a, b) in pairs)
        return next((place for place in places if place), None)
    return None if left == right or _is_annotation(pointer) else pointer


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
        return None
    try:
        found = relation(got, wanted)
    except ValueError as error:
        words = str(error).splitlines()[0]
        return FileFault(where=path.name, message=f"not a JSON Schema ({words}); {WRITE}")
    if found == "same":
        return None
    verb = {"different": "does not mean", "undecided": "may not mean"}[found]
    message = f"{verb} what the record says, first at {pointer}; {WRITE}"
    return FileFault(where=path.name, message=message)


def _is_annotation(pointer: str) -> bool:
    parent, _, key = pointer.rpartition("/")
    return key in ANNOTATIONS and not parent.endswith("/properties")
