"""What every record of a contract has in common.

A record is frozen, closed (unknown keys are faults) and strict (``"1"`` is not ``1``). It is
written as canonical bytes and read back with every fault named by its JSON pointer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sized
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tracemill_schema.canonical import ContentHash, canonical_bytes, encode_finite
from tracemill_schema.errors import Fault, RecordError
from tracemill_schema.pointer import pointer_to

LEGACY_KEYS: Mapping[str, str] = {
    "_ground_truth": "answers",
    "_ground_truths": "answers",
    "question": "prompt",
    "question_text": "prompt",
    "trace_steps": "steps (convert once with: tracemill dataset ingest --from-v1)",
    "llm_gen": 'source: "llm"',
}
"""Keys of the ancestors' files; each is refused by name with the key that replaced it.

They are refused before anything else is told of a document, wherever a record is read: a fallback
to any of them would let a file pass that says its answer twice."""

LEGACY_VALUES: Mapping[str, str] = {"llm_gen": '"llm"'}
"""Words of the ancestors' files where a contract lists the words that there are."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$", description="lower-case name")]


def _existing_time(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("must be a time that exists") from error
    return text


def _existing_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("must be a day that exists") from error
    return text


Day = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="date, ISO 8601"),
    AfterValidator(_existing_day),
]
Instant = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$",
        description="UTC time, ISO 8601 with the suffix Z",
    ),
    AfterValidator(_existing_time),
]


class Record(BaseModel):
    """One document of a contract, or a part of one."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_by_name=True,
        serialize_by_alias=True,
    )

    contract: ClassVar[str] = "part"
    """Name and version of the contract, for instance ``trace.v1``; ``part`` for inner objects."""

    @classmethod
    def from_bytes(cls, data: bytes, *, where: str) -> Self:
        """Parse and validate one JSON document.

        Args:
            data: UTF-8 JSON.
            where: What a person would call the source, for instance ``traces.jsonl line 7``.

        Raises:
            RecordError: with all faults, each with pointer, wanted and got.
        """
        try:
            # Python may say the name of a field; a document has only the contract's own names.
            return cls.model_validate_json(data, by_alias=True, by_name=False)
        except ValidationError as error:
            raise record_error(error, contract=cls.contract, where=where) from error

    @classmethod
    def from_values(cls, values: Mapping[str, object], *, where: str) -> Self:
        """Validate JSON values that are already in memory; raises like ``from_bytes``."""
        return cls.from_bytes(canonical_bytes(dict(values)), where=where)

    def to_values(self) -> dict[str, Any]:
        """Return the document as JSON types, every field present."""
        return self.model_dump(mode="json")

    def to_bytes(self) -> bytes:
        """Return the document as canonical JSON without a newline."""
        return encode_finite(self.to_values())

    def replace(self, **changes: object) -> Self:
        """Return a validated copy with some fields changed.

        Raises:
            RecordError: if the copy would not meet the contract.
        """
        given = {name: getattr(self, name) for name in self.model_fields_set}
        try:
            return type(self).model_validate(given | changes)
        except ValidationError as error:
            raise record_error(error, contract=self.contract, where="changed copy") from error


class Identified(Record):
    """A record whose ``id`` is the hash of what it says.

    ``id_excludes`` names what is measured rather than said (seconds, cost): two records that say
    the same have the same id however long they took.
    """

    id: ContentHash
    id_excludes: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def make(cls, **fields: object) -> Self:
        """Build a record and give it its id.

        Raises:
            RecordError: if the fields do not meet the contract.
        """
        try:
            draft = cls.model_validate({**fields, "id": "0" * 64})
        except ValidationError as error:
            raise record_error(error, contract=cls.contract, where="new record") from error
        return draft.model_copy(update={"id": draft.computed_id()})

    def computed_id(self) -> str:
        """Return the id that the content of this record has, whatever ``id`` says."""
        said = self.model_dump(mode="json", exclude={"id": True, **type(self).id_excludes})
        return hashlib.sha256(encode_finite(said)).hexdigest()

    def verify_id(self, *, where: str) -> None:
        """Check that the record was not changed since it was given its id.

        Raises:
            RecordError: if ``id`` is not the hash of the content.
        """
        expected = self.computed_id()
        if self.id != expected:
            fault = Fault(pointer="/id", wanted=expected, got=self.id)
            raise RecordError(contract=self.contract, where=where, faults=(fault,))


def record_error(error: ValidationError, *, contract: str, where: str) -> RecordError:
    """Turn a validation error into a RecordError with one fault per fault of the document.

    What the ancestors' files say otherwise comes first: it explains the faults after it.
    """
    told = [each for each in error.errors(include_url=False) if not _echoes(each)]
    told.sort(key=lambda details: not _is_legacy(details))
    faults = tuple(_fault(details) for details in told)
    return RecordError(contract=contract, where=where, faults=faults)


def _is_legacy(details: Mapping[str, Any]) -> bool:
    if details["type"] == "extra_forbidden":
        return str(details["loc"][-1]) in LEGACY_KEYS
    given = details["input"]
    return details["type"] == "literal_error" and isinstance(given, str) and given in LEGACY_VALUES


def _echoes(details: Mapping[str, Any]) -> bool:
    """Tell whether a list is called too short only because items of it are wrong.

    pydantic counts the items that hold; the wrong ones are faults of their own.
    """
    given = details["input"]
    return (
        details["type"] == "too_short"
        and isinstance(given, Sized)
        and len(given) >= details["ctx"]["min_length"]
    )


def _fault(details: Mapping[str, Any]) -> Fault:
    location = [str(part) for part in details["loc"]]
    pointer = pointer_to(location)
    got = repr(details.get("input"))
    wanted = str(details["msg"])
    if details["type"] == "extra_forbidden":
        replacement = LEGACY_KEYS.get(location[-1])
        wanted = f"no such key; it is now {replacement}" if replacement else "no such key"
    elif _is_legacy(details):
        wanted = f"no such word; it is now {LEGACY_VALUES[details['input']]}"
    elif details["type"] == "missing":
        wanted, got = "a value", "nothing"
    elif details["type"] == "json_invalid":
        wanted, got = "UTF-8 JSON", str(details["msg"]).removeprefix("Invalid JSON: ")
    return Fault(pointer=pointer, wanted=wanted, got=got if len(got) <= 80 else got[:77] + "...")
