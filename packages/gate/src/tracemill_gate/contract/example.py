"""Example documents of every contract, judged by three judges that must agree.

    contracts/examples/trace.v1/valid/NAME.json     a document
    contracts/examples/trace.v1/invalid/NAME.json   {"document": ..., "pointer": "/steps/0/i",
                                                     "keyword": "minimum"}

The judges are ``jsonschema``, ``jsonschema-rs`` and the pydantic record. An invalid example names
every fault of its document, further ones as ``"also": [{"pointer": ..., "keyword": ...}]``: both
engines must report exactly these at once, and the record must refuse the document at exactly
their pointers. Three kinds of faults need a word more:

- ``model``: rules that JSON Schema cannot say (order of steps, ids, 1.0 for an integer) are the
  record's alone; the engines pass over them. A rule of a whole object is only asked once all
  fields of that object hold, and an id only once the whole document holds.
- ``json``: what is no JSON at all (NaN, a trailing comma) stands as ``"text"`` in place of
  ``"document"``. No engine gets to see it; the record names the place.
- a missing or surplus key: the engines point at the object, the record at the key. Where a union
  is broken (``anyOf``) the record may point below it, at what broke the member it tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

import orjson
from jsonschema.exceptions import ValidationError
from pydantic import Field, model_validator

from tracemill_gate.contract.engine import Engines
from tracemill_gate.fault import FileFault, Report
from tracemill_schema.canonical import Value, canonical_bytes
from tracemill_schema.contract import schema_of
from tracemill_schema.errors import RecordError
from tracemill_schema.pointer import pointer_to
from tracemill_schema.record import Identified, Record

MODEL = "model"
NOT_JSON = "json"
UNION = "anyOf"

MIN_VALID = 5
"""Valid examples that a contract needs at least. With two or three each, 74 of the 177 choices of
our contracts (members of enums, null or not, a key or none) stood in no example."""

MIN_INVALID = 15
"""Invalid examples that a contract needs at least: our schemas break in 7 to 14 keywords, at the
top and in nested places, and the records add rules of their own."""

DEEPEST = 60
"""Levels of a document. With program.v1 jsonschema ran out of stack between 160 and 170 of them."""


class Place(Record):
    """A fault of a document: where, and by which keyword it is reported."""

    pointer: str = Field(pattern=r"^(/.*)?$", description="where the fault must be reported")
    keyword: str = Field(min_length=1, description="JSON Schema keyword, or model, or json")

    def __str__(self) -> str:
        return f"{self.keyword} at {self.pointer or '(document)'}"


class Invalid(Place):
    """A document that must be refused, and every place where."""

    contract: ClassVar[str] = "invalid example"

    document: Value = None
    text: str | None = Field(default=None, description="the document where it is no JSON")
    also: tuple[Place, ...] = Field(default=(), description="the document's other faults")

    @property
    def places(self) -> frozenset[Place]:
        """All faults of the document."""
        return frozenset((Place(pointer=self.pointer, keyword=self.keyword), *self.also))

    @model_validator(mode="after")
    def _is_one_document(self) -> Self:
        if ("document" in self.model_fields_set) is (self.text is not None):
            raise ValueError("wanted either document or text")
        if any((place.keyword == NOT_JSON) is (self.text is None) for place in self.places):
            raise ValueError(f"keyword {NOT_JSON} is for text, and text has no other")
        return self


@dataclass(frozen=True)
class Judges:
    """Both engines and the record of one contract."""

    kind: type[Record]

    @cached_property
    def _engines(self) -> Engines:
        return Engines(orjson.loads(canonical_bytes(schema_of(self.kind))))

    def errors(self, document: Value) -> Iterator[ValidationError]:
        """Yield the errors of jsonschema as it gives them."""
        return self._engines.python_errors(document)

    def by_python(self, document: Value) -> frozenset[Place]:
        """Return the faults that jsonschema reports."""
        return frozenset(
            Place(pointer=pointer_to(error.absolute_path), keyword=str(error.validator))
            for error in self.errors(document)
        )

    def by_rust(self, document: Value) -> frozenset[Place]:
        """Return the faults that jsonschema-rs reports."""
        return frozenset(
            Place(pointer=pointer_to(error.instance_path), keyword=str(error.schema_path[-1]))
            for error in self._engines.rust_errors(document)
        )

    def by_record(self, document: Value) -> tuple[str, ...] | None:
        """Return the pointers at which the record refuses the document; None if it takes it."""
        return self.by_record_of_text(canonical_bytes(document))

    def by_record_of_text(self, text: bytes) -> tuple[str, ...] | None:
        """Like ``by_record``, for text that need not be JSON."""
        try:
            record = self.kind.from_bytes(text, where="example")
            if isinstance(record, Identified):
                record.verify_id(where="example")
        except RecordError as error:
            return tuple(fault.pointer for fault in error.faults)
        return None

    def owed_by_record(self, document: Value) -> frozenset[str]:
        """Return the pointers at which the record must refuse what the engines report."""
        return frozenset(
            pointer for error in self.errors(document) for pointer in _owed_pointers(error)
        )


Judge = Callable[[Judges, bytes], list[str]]


def check_examples(folder: Path, kinds: Sequence[type[Record]]) -> Report:
    """Judge every example; a contract with too few valid or invalid ones is a fault."""
    checked, faults = 0, []
    for kind in kinds:
        judges = Judges(kind)
        for group, judge, least in (
            ("valid", _check_valid, MIN_VALID),
            ("invalid", _check_invalid, MIN_INVALID),
        ):
            paths = sorted((folder / kind.contract / group).glob("*.json"))
            checked += len(paths)
            if len(paths) < least:
                where = f"{kind.contract}/{group}"
                message = f"wanted at least {least} examples, got {len(paths) or 'none'}"
                faults.append(FileFault(where=where, message=message))
            for path in paths:
                where = f"{kind.contract}/{group}/{path.name}"
                faults += [
                    FileFault(where=where, message=m) for m in _check_file(judge, judges, path)
                ]
    known = {kind.contract for kind in kinds}
    for path in sorted(folder.glob("*")):
        if path.name not in known:
            faults.append(FileFault(where=path.name, message="no contract has this name"))
    return Report(checked=checked, faults=tuple(faults))


def _check_file(judge: Judge, judges: Judges, path: Path) -> list[str]:
    """Judge what is JSON and not too deep; the engines follow a document by calling themselves."""
    data = path.read_bytes()
    try:
        written = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return [f"wanted JSON, got {error}"]
    if _is_deeper(written, DEEPEST):
        wanted = f"wanted at most {DEEPEST} levels, got more"
        return [f"{wanted}: nobody can judge what is nested so deeply"]
    return judge(judges, data)


def _is_deeper(value: Value, levels: int) -> bool:
    """Tell whether lists and objects lie in each other on more than so many levels."""
    here = [value]
    for _ in range(levels):
        inner = [each for each in here if isinstance(each, dict | list)]
        here = [
            item for each in inner for item in (each.values() if isinstance(each, dict) else each)
        ]
    return any(isinstance(each, dict | list) for each in here)


def _check_valid(judges: Judges, data: bytes) -> list[str]:
    document = orjson.loads(data)
    found, faults = _agreed(judges, document)
    faults += [f"must be valid, but {place}" for place in _sorted(found)]
    refused = judges.by_record(document)
    if refused is not None:
        faults.append(f"must be valid, but the record refuses it at {_named(refused)}")
    return faults


def _check_invalid(judges: Judges, data: bytes) -> list[str]:
    try:
        example = Invalid.from_bytes(data, where="example")
    except RecordError as error:
        return [str(fault) for fault in error.faults]
    if example.text is not None:
        return _check_text(judges, example, example.text)
    # The document as written: reading it through the record would not tell 1 from 1.0.
    document = orjson.loads(data)["document"]
    of_model = frozenset(place for place in example.places if place.keyword == MODEL)
    wanted = example.places - of_model
    found, faults = _agreed(judges, document)
    if found != wanted:
        faults.append(f"wanted the engines to report {_listed(wanted)}, got {_listed(found)}")
    owed = judges.owed_by_record(document) | {place.pointer for place in of_model}
    unions = tuple(place.pointer for place in found if place.keyword == UNION)
    return faults + _compared(owed, judges.by_record(document), unions)


def _check_text(judges: Judges, example: Invalid, text: str) -> list[str]:
    owed = frozenset(place.pointer for place in example.places)
    faults = _compared(owed, judges.by_record_of_text(text.encode()), ())
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return faults
    return [*faults, "text is JSON: give it as document"]


def _compared(
    owed: frozenset[str], refused: tuple[str, ...] | None, unions: tuple[str, ...]
) -> list[str]:
    """Return a fault unless the record refuses at the pointers that it owes, and at no other."""
    if refused is None:
        return [f"wanted the record to refuse it at {_named(sorted(owed))}, but it takes it"]
    got = {
        next((union for union in unions if f"{pointer}/".startswith(f"{union}/")), pointer)
        for pointer in refused
    }
    if got == owed:
        return []
    return [f"wanted the record to refuse it at {_named(sorted(owed))}, got {_named(sorted(got))}"]


def _agreed(judges: Judges, document: Value) -> tuple[frozenset[Place], list[str]]:
    """Return what jsonschema reports, and a fault if jsonschema-rs reports something else."""
    python, rust = judges.by_python(document), judges.by_rust(document)
    if python == rust:
        return python, []
    return python, [f"jsonschema reports {_listed(python)}, jsonschema-rs {_listed(rust)}"]


def _owed_pointers(error: ValidationError) -> tuple[str, ...]:
    """Return the pointer of the error, or those of the keys that an object lacks or adds."""
    here, value, schema = tuple(error.absolute_path), error.instance, error.schema
    keys: list[str] | None = None
    if isinstance(value, Mapping) and isinstance(schema, Mapping):
        if error.validator == "required":
            keys = [key for key in schema["required"] if key not in value]
        elif error.validator == "additionalProperties":
            keys = [key for key in value if key not in schema["properties"]]
    if keys is None:
        return (pointer_to(here),)
    return tuple(pointer_to((*here, key)) for key in keys)


def _sorted(places: frozenset[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.pointer, place.keyword))


def _listed(places: frozenset[Place]) -> str:
    return ", ".join(str(place) for place in _sorted(places)) or "no fault"


def _named(pointers: Sequence[str]) -> str:
    return ", ".join(pointer or "(document)" for pointer in pointers) or "no place"
