"""Example documents of every contract, judged by three judges that must agree.

    contracts/examples/trace.v1/valid/NAME.json     a document
    contracts/examples/trace.v1/invalid/NAME.json   {"document": ..., "pointer": "/steps/0/i",
                                                     "keyword": "minimum"}

The judges are ``jsonschema``, ``jsonschema-rs`` and the pydantic record. Both engines must report
the same faults, the named one among them, and the record must refuse what they refuse. Rules that
JSON Schema cannot say (order of steps, ids) are the record's alone: such a file has the keyword
``model``, both engines take it and the record must refuse it at the pointer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import jsonschema_rs
import orjson
from jsonschema import Draft202012Validator
from pydantic import Field

from tracemill_gate.fault import FileFault, Report
from tracemill_schema.canonical import Value, canonical_bytes
from tracemill_schema.contract import schema_of
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Identified, Record

MODEL = "model"


class Invalid(Record):
    """A document that must be refused, and where."""

    contract: ClassVar[str] = "invalid example"

    document: Value
    pointer: str = Field(pattern=r"^(/.*)?$", description="where the fault must be reported")
    keyword: str = Field(min_length=1, description="JSON Schema keyword, or model")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an engine reports a fault, and by which keyword."""

    pointer: str
    keyword: str

    def __str__(self) -> str:
        return f"{self.keyword} at {self.pointer or '(document)'}"


@dataclass(frozen=True)
class Judges:
    """Both engines and the record of one contract."""

    kind: type[Record]

    @cached_property
    def _schema(self) -> dict[str, Value]:
        schema: dict[str, Value] = orjson.loads(canonical_bytes(schema_of(self.kind)))
        return schema

    @cached_property
    def _python(self) -> Draft202012Validator:
        return Draft202012Validator(self._schema)

    @cached_property
    def _rust(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self._schema)

    def by_python(self, document: Value) -> frozenset[Place]:
        """Return the faults that jsonschema reports."""
        errors = self._python.iter_errors(document)
        return frozenset(
            Place(pointer=_pointer(error.absolute_path), keyword=str(error.validator))
            for error in errors
        )

    def by_rust(self, document: Value) -> frozenset[Place]:
        """Return the faults that jsonschema-rs reports."""
        errors = self._rust.iter_errors(document)
        return frozenset(
            Place(pointer=_pointer(error.instance_path), keyword=str(error.schema_path[-1]))
            for error in errors
        )

    def by_record(self, document: Value) -> tuple[str, ...] | None:
        """Return the pointers at which the record refuses the document; None if it takes it."""
        try:
            record = self.kind.from_bytes(canonical_bytes(document), where="example")
            if isinstance(record, Identified):
                record.verify_id(where="example")
        except RecordError as error:
            return tuple(fault.pointer for fault in error.faults)
        return None


def check_examples(folder: Path, kinds: Sequence[type[Record]]) -> Report:
    """Judge every example; a contract without valid or invalid ones is a fault."""
    checked, faults = 0, []
    for kind in kinds:
        judges = Judges(kind)
        for group, judge in (("valid", _check_valid), ("invalid", _check_invalid)):
            paths = sorted((folder / kind.contract / group).glob("*.json"))
            checked += len(paths)
            if not paths:
                where = f"{kind.contract}/{group}"
                faults.append(FileFault(where=where, message="wanted examples, got none"))
            for path in paths:
                where = f"{kind.contract}/{group}/{path.name}"
                faults += [FileFault(where=where, message=m) for m in judge(judges, path)]
    known = {kind.contract for kind in kinds}
    for path in sorted(folder.glob("*")):
        if path.name not in known:
            faults.append(FileFault(where=path.name, message="no contract has this name"))
    return Report(checked=checked, faults=tuple(faults))


def _check_valid(judges: Judges, path: Path) -> list[str]:
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        return [f"wanted JSON, got {error}"]
    found, faults = _agreed(judges, document)
    faults += [f"must be valid, but {place}" for place in _sorted(found)]
    refused = judges.by_record(document)
    if refused is not None:
        faults.append(f"must be valid, but the record refuses it at {_named(refused)}")
    return faults


def _check_invalid(judges: Judges, path: Path) -> list[str]:
    try:
        example = Invalid.from_bytes(path.read_bytes(), where=path.name)
    except RecordError as error:
        return [str(fault) for fault in error.faults]
    # The document as written: reading it through the record would not tell 1 from 1.0.
    document = orjson.loads(path.read_bytes())["document"]
    wanted = Place(pointer=example.pointer, keyword=example.keyword)
    found, faults = _agreed(judges, document)
    refused = judges.by_record(document)
    if refused is None:
        faults.append(f"wanted {wanted}, but the record takes it")
    if wanted.keyword == MODEL:
        if found:
            faults.append(f"wanted the record alone to refuse it, but {_listed(found)}")
        if refused is not None and wanted.pointer not in refused:
            at = _named((wanted.pointer,))
            faults.append(f"wanted the record to refuse it at {at}, got {_named(refused)}")
    elif wanted not in found:
        faults.append(f"wanted {wanted}, got {_listed(found)}")
    return faults


def _agreed(judges: Judges, document: Value) -> tuple[frozenset[Place], list[str]]:
    """Return what jsonschema reports, and a fault if jsonschema-rs reports something else."""
    python, rust = judges.by_python(document), judges.by_rust(document)
    if python == rust:
        return python, []
    return python, [f"jsonschema reports {_listed(python)}, jsonschema-rs {_listed(rust)}"]


def _pointer(path: Sequence[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _sorted(places: frozenset[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.pointer, place.keyword))


def _listed(places: frozenset[Place]) -> str:
    return ", ".join(str(place) for place in _sorted(places)) or "no fault"


def _named(pointers: tuple[str, ...]) -> str:
    return ", ".join(pointer or "(document)" for pointer in pointers)
