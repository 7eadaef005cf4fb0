"""The result channel: one frame on a pipe of its own, known by a nonce that the host chose.

    frame = nonce (32 random bytes of this run) | length (8 bytes, big-endian) | payload (JSON)

Printing can not forge it: stdout and stderr are other pipes, and bytes written blindly to the
result pipe lack the nonce and are skipped. A program that searches its own interpreter's memory
can find the nonce and lie about itself; so what it says stays a claim.
"""

from __future__ import annotations

import struct

from pydantic import Field

from tracemill_sandbox.result import Binding, Coverage
from tracemill_schema.canonical import ContentHash, Value, content_id
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record

NONCE_BYTES = 32
_LENGTH = struct.Struct(">Q")


class Said(Record):
    """One value of the payload."""

    line_number: int = Field(ge=0, description="0 for an output")
    name: str
    value: Value
    value_hash: ContentHash
    coverage: Coverage


class Payload(Record):
    """What the guest's runner hands over when the program has ended."""

    exception: str | None = Field(description="type name of what the program raised")
    memory: bool = Field(description="true if that was a MemoryError")
    outputs: tuple[Said, ...]
    bindings: tuple[Said, ...]
    dropped: int = Field(ge=0, description="bindings that found no room")


def said(binding: Binding) -> Said:
    """Return the payload's form of a binding."""
    return Said(
        line_number=binding.line_number,
        name=binding.name,
        value=binding.value,
        value_hash=binding.value_hash,
        coverage=binding.coverage,
    )


def heard(value: Said) -> Binding:
    """Return the host's form of a value; the hash of a whole one is computed here, not believed."""
    digest = value.value_hash if value.coverage == "summary" else content_id(value.value)
    return Binding(
        line_number=value.line_number,
        name=value.name,
        value=value.value,
        value_hash=digest,
        coverage=value.coverage,
    )


def encode(payload: Payload, nonce: bytes) -> bytes:
    """Return the frame of a payload."""
    data = payload.to_bytes()
    return nonce + _LENGTH.pack(len(data)) + data


def decode(stream: bytes, nonce: bytes) -> Payload | None:
    """Find the run's frame among all bytes of the result channel.

    Returns:
        The payload, or None if no whole and valid frame with this nonce is there. What the host
        could not encode again, and so not hash, such as 2**70, is not valid.
    """
    start = stream.find(nonce)
    if start < 0:
        return None
    body = start + len(nonce) + _LENGTH.size
    if len(stream) < body:
        return None
    (length,) = _LENGTH.unpack(stream[body - _LENGTH.size : body])
    if len(stream) - body < length:
        return None
    try:
        payload = Payload.from_bytes(stream[body : body + length], where="result frame")
        payload.to_bytes()
    except RecordError:
        return None
    return payload
