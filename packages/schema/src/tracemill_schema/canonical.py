"""Canonical bytes and content ids.

Canonical JSON here is: UTF-8, object keys sorted by code point, no blanks, shortest round-trip
floats, integers within 64 bits, no NaN or infinity. A content id is the SHA-256 of those bytes in
hexadecimal.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import orjson
from pydantic import Field, FiniteFloat
from typing_extensions import TypeAliasType

from tracemill_schema.errors import Fault, RecordError

ContentHash = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in lower-case hexadecimal")
]
if TYPE_CHECKING:
    # Covariant containers, so that a list[int] may be passed where a Value is wanted.
    Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | None"
else:
    Value = TypeAliasType(
        "Value",
        bool | int | FiniteFloat | str | list["Value"] | dict[str, "Value"] | None,
    )
"""Any JSON value with finite numbers."""

JsonObject = dict[str, Value]
"""A JSON object; only for the places where a contract leaves the keys to a family or a kind."""

SHORT = 16
"""Hex digits of an id that are shown to people; files always hold all 64."""


def canonical_bytes(value: object) -> bytes:
    """Encode ``value`` (JSON types only) as canonical JSON.

    Raises:
        RecordError: on NaN, infinity, an integer beyond 64 bits or a type JSON does not have.
    """
    _refuse_non_finite(value, "")
    return encode_finite(value)


def encode_finite(value: object) -> bytes:
    """Encode what is known to hold finite numbers only, such as the values of a record.

    orjson would write NaN as null; looking for it takes three times as long as the encoding, so
    records, whose contract has refused it already, are spared.

    Raises:
        RecordError: on an integer beyond 64 bits or a type that JSON does not have.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        fault = Fault(pointer="", wanted="JSON types with 64-bit integers", got=str(error))
        raise RecordError(contract="canonical JSON", where="value", faults=(fault,)) from error


def content_id(value: object) -> str:
    """Return the SHA-256 of the canonical bytes of ``value``, 64 hex digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def short(identifier: str) -> str:
    """Return the first 16 hex digits of an id, for text that people read."""
    return identifier[:SHORT]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tree_digest(root: Path, pattern: str = "**/*") -> str:
    """Return one digest of all files under ``root`` that match, by relative path and content.

    This identifies the source of an installed package, its data included, where no version control
    is at hand. Compiled files (``__pycache__``) do not count.
    """
    found = (path for path in root.glob(pattern) if "__pycache__" not in path.parts)
    files = sorted(path for path in found if path.is_file())
    return content_id({str(p.relative_to(root).as_posix()): file_digest(p) for p in files})


def _refuse_non_finite(value: object, pointer: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        fault = Fault(pointer=pointer, wanted="a finite number", got=repr(value))
        raise RecordError(contract="canonical JSON", where="value", faults=(fault,))
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_non_finite(item, f"{pointer}/{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _refuse_non_finite(item, f"{pointer}/{index}")
