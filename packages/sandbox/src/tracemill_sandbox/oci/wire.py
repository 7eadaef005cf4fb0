"""What the host and the relay in a container say to each other: JSON, nothing pickled.

    frame = length (4 bytes, big-endian) | JSON object in ASCII

The host asks (``Ask``), the relay answers each question once (``Answer``), in any order. Values
are the dataclasses of ``request``, ``result`` and ``worker``: each an object with all its fields,
bytes as base64, tuples as arrays. What comes is checked against the types of the fields, since a
program that broke out of its confinement may hold the other end.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import functools
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from tracemill_sandbox.errors import (
    RequestInvalid,
    SandboxError,
    SandboxUnavailable,
    SessionClosed,
    WorkerLost,
)
from tracemill_sandbox.request import MIB
from tracemill_schema.canonical import Value

MOST_BYTES = 128 * MIB
"""Bytes of one frame's JSON: about 90 MiB of files in a request, or as much in a result."""

NOBODY = 0
"""Number of an answer that nobody asked for: the relay ends, for the reason in its fault."""

Kind = TypeVar("Kind")

_LENGTH = struct.Struct(">I")
_PLAIN = {str: (str,), int: (int,), float: (int, float), bool: (bool,)}


class WireFault(SandboxError):
    """What came, or was to be sent, is no frame of this language."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question of the host.

    Attributes:
        number: Chosen by the host, never used twice.
        verb: What is asked; the names of ``Worker`` and ``WorkerSession``, and ``cancel``.
        session: Number of the session that it is about; 0 for the worker itself.
        body: The request, as ``to_json`` gives it.
    """

    number: int
    verb: str
    session: int = 0
    body: Value = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An error of the sandbox on its way to the host.

    Attributes:
        kind: Name of its class, or ``Cancelled``.
        text: What it says.
        reasons: As in ``SandboxUnavailable``.
        remedies: Likewise.
    """

    kind: str
    text: str
    reasons: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the relay says to question ``number``: a body or a fault."""

    number: int
    body: Value = None
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What the worker inside is made with; the words of ``Wish``."""

    libraries: tuple[str, ...]
    avoid: tuple[str, ...]
    spares: int


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a session; the words of ``WorkerSession.run``."""

    code: str
    outputs: tuple[str, ...]


def fault_of(error: SandboxError | RequestInvalid) -> Fault:
    """Return the form in which an error travels."""
    if isinstance(error, SandboxUnavailable):
        kind, text = "SandboxUnavailable", str(error)
        return Fault(kind=kind, text=text, reasons=error.reasons, remedies=error.remedies)
    if isinstance(error, SessionClosed):
        return Fault(kind="SessionClosed", text=error.reason)
    kind = "RequestInvalid" if isinstance(error, RequestInvalid) else "WorkerLost"
    return Fault(kind=kind, text=str(error))


def error_of(fault: Fault) -> SandboxError | RequestInvalid:
    """Return the error that a fault stands for; what is not known is a lost worker."""
    match fault.kind:
        case "SandboxUnavailable":
            return SandboxUnavailable(reasons=fault.reasons, remedies=fault.remedies)
        case "SessionClosed":
            return SessionClosed(fault.text)
        case "RequestInvalid":
            return RequestInvalid(fault.text)
        case _:
            return WorkerLost(fault.text)


def encode(message: Ask | Answer, *, most: int = MOST_BYTES) -> bytes:
    """Return the frame of a message.

    Raises:
        WireFault: if it would have more than ``most`` bytes.
    """
    data = json.dumps(to_json(message), separators=(",", ":")).encode("ascii")
    if len(data) > most:
        raise WireFault(f"frame: wanted at most {most} bytes, got {len(data)}")
    return _LENGTH.pack(len(data)) + data


def decode(kind: type[Kind], data: bytes) -> Kind:
    """Return the message in a frame's bytes, the length not among them.

    Raises:
        WireFault: if they hold anything else.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WireFault(f"frame: wanted JSON, got {error}") from error
    return from_json(kind, value)


async def receive(
    kind: type[Kind], stream: asyncio.StreamReader, *, most: int = MOST_BYTES
) -> Kind | None:
    """Read the next message; None once the other side has hung up between two.

    Raises:
        WireFault: if what comes is too long, cut off or no such message.
        OSError: if the connection broke.
    """
    try:
        (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
        if length > most:
            raise WireFault(f"frame: wanted at most {most} bytes, got {length}")
        return decode(kind, await stream.readexactly(length))
    except asyncio.IncompleteReadError as error:
        if error.partial or error.expected != _LENGTH.size:
            raise WireFault("frame: cut off") from error
        return None


def to_json(value: object) -> Value:
    """Return the JSON form of a dataclass or of anything that its fields may hold.

    Raises:
        WireFault: for a type that has none here.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise WireFault(f"wanted a value with a JSON form, got a {type(value).__name__}")


def from_json(kind: type[Kind], value: Value, where: str = "$") -> Kind:
    """Read what ``to_json`` gave for a value of ``kind``.

    Raises:
        WireFault: naming the place where the value is not of the declared type.
        RequestInvalid: if a request is refused by its own checks.
    """
    return cast("Kind", _read(kind, value, where))


def _read(kind: object, value: Value, where: str) -> object:
    if kind is Value:
        return value
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_dataclass(kind, value, where)
    if isinstance(kind, type) and kind in _PLAIN:
        return _read_plain(kind, value, where)
    if kind is bytes:
        return _read_bytes(value, where)
    return _READERS[get_origin(kind)](get_args(kind), value, where)


def _read_dataclass(kind: type, value: Value, where: str) -> object:
    found = _object(value, where)
    hints = _hints(kind)
    if found.keys() != hints.keys():
        raise WireFault(f"{where}: wanted the keys {sorted(hints)}, got {sorted(found)}")
    return kind(**{key: _read(hints[key], item, f"{where}.{key}") for key, item in found.items()})


@functools.cache
def _hints(kind: type) -> dict[str, object]:
    return get_type_hints(kind)


def _read_plain(kind: type, value: Value, where: str) -> object:
    if isinstance(value, _PLAIN[kind]) and isinstance(value, bool) == (kind is bool):
        return value
    raise _wrong(kind.__name__, value, where)


def _read_bytes(value: Value, where: str) -> bytes:
    if not isinstance(value, str):
        raise _wrong("base64", value, where)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireFault(f"{where}: wanted base64, got {error}") from error


def _read_tuple(kinds: tuple[object, ...], value: Value, where: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise _wrong("an array", value, where)
    return tuple(_read(kinds[0], item, f"{where}[{i}]") for i, item in enumerate(value))


def _read_mapping(kinds: tuple[object, ...], value: Value, where: str) -> dict[str, object]:
    found = _object(value, where)
    return {key: _read(kinds[1], item, f"{where}[{key!r}]") for key, item in found.items()}


def _read_choice(choices: tuple[object, ...], value: Value, where: str) -> object:
    if value not in choices:
        raise WireFault(f"{where}: wanted one of {list(choices)}, got {value!r}")
    return value


def _read_optional(kinds: tuple[object, ...], value: Value, where: str) -> object:
    return None if value is None else _read(kinds[0], value, where)


_READERS: dict[object, Callable[[tuple[object, ...], Value, str], object]] = {
    tuple: _read_tuple,
    dict: _read_mapping,
    Mapping: _read_mapping,
    Literal: _read_choice,
    UnionType: _read_optional,
}


def _object(value: Value, where: str) -> Mapping[str, Value]:
    if not isinstance(value, dict):
        raise _wrong("an object", value, where)
    return value


def _wrong(wanted: str, value: Value, where: str) -> WireFault:
    return WireFault(f"{where}: wanted {wanted}, got a {type(value).__name__}")
