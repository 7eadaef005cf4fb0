"""The result channel: one frame on a pipe of its own, known by a nonce that the host chose.

    frame = nonce (32 random bytes of this run) | length (8 bytes, big-endian) | payload (JSON)

Printing can not forge it: stdout and stderr are other pipes, and bytes written blindly to the
result pipe lack the nonce and are skipped. A program that searches its own interpreter's memory
can find the nonce and lie about itself; so what it says stays a claim.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from pydantic import Field

from tracemill_sandbox.result import Binding, Coverage
from tracemill_schema.canonical import ContentHash, Value, encode_finite
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record

NONCE_BYTES = 32
_LENGTH = struct.Struct(">Q")
_MOST_COUNT = 1 << 53


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the guest's runner hands over when a program, a snippet or a cell has ended.

    Attributes:
        exception: Type name of what was raised; None if nothing was, or SystemExit.
        memory: Whether that was a MemoryError.
        outputs: The wanted variables that were bound.
        bindings: Executed assignments, in order.
        dropped: Bindings that found no room.
        exit_code: With which a script would have ended.
        stdout: Of a snippet in a batch; pipes carry the others'.
        stderr: Likewise.
        truncated: Whether these two were cut.
    """

    exception: str | None
    memory: bool
    outputs: tuple[Binding, ...]
    bindings: tuple[Binding, ...]
    dropped: int
    exit_code: int
    stdout: str = ""
    stderr: str = ""
    truncated: bool = False


def encode(answer: Answer, nonce: bytes) -> bytes:
    """Return the frame of an answer; the values in it have a JSON form already."""
    data = encode_finite(answer)
    return nonce + _LENGTH.pack(len(data)) + data


class _SaidValue(Record):
    """One value, as it came."""

    line_number: int = Field(ge=0, le=_MOST_COUNT)
    name: str
    value: Value
    value_hash: ContentHash
    coverage: Coverage

    def believed(self) -> Binding:
        """Return it as the host takes it; the hash of a whole value is computed, not believed.

        Raises:
            RecordError: if the host could not encode it again, and so not hash it, as 2**70.
        """
        digest = hashlib.sha256(encode_finite(self.value)).hexdigest()
        return Binding(
            line_number=self.line_number,
            name=self.name,
            value=self.value,
            value_hash=self.value_hash if self.coverage == "summary" else digest,
            coverage=self.coverage,
        )


class _SaidAnswer(Record):
    """An answer, as it came."""

    exception: str | None
    memory: bool
    outputs: tuple[_SaidValue, ...]
    bindings: tuple[_SaidValue, ...]
    dropped: int = Field(ge=0, le=_MOST_COUNT)
    exit_code: int = Field(ge=0, le=255)
    stdout: str
    stderr: str
    truncated: bool

    def believed(self) -> Answer:
        """Return it as the host takes it.

        Raises:
            RecordError: see ``_SaidValue.believed``.
        """
        return Answer(
            exception=self.exception,
            memory=self.memory,
            outputs=tuple(said.believed() for said in self.outputs),
            bindings=tuple(said.believed() for said in self.bindings),
            dropped=self.dropped,
            exit_code=self.exit_code,
            stdout=self.stdout,
            stderr=self.stderr,
            truncated=self.truncated,
        )


class Reader:
    """Finds a run's frames in the bytes of its result channel, as they come.

    Bytes that belong to no frame are skipped; what was looked through is not looked at again.
    """

    def __init__(self, nonce: bytes) -> None:
        self._nonce = nonce
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Take more bytes; return the answers that are whole now. What is not valid is skipped."""
        self._rest += data
        found: list[Answer] = []
        while (body := self._next_body()) is not None:
            answer = _answer(body)
            if answer is not None:
                found.append(answer)
        return found

    def _next_body(self) -> bytes | None:
        start = self._rest.find(self._nonce)
        if start < 0:
            del self._rest[: -len(self._nonce)]
            return None
        body = start + len(self._nonce) + _LENGTH.size
        if len(self._rest) < body:
            return None
        (length,) = _LENGTH.unpack(self._rest[body - _LENGTH.size : body])
        if len(self._rest) - body < length:
            return None
        found = bytes(self._rest[body : body + length])
        del self._rest[: body + length]
        return found


def _answer(body: bytes) -> Answer | None:
    try:
        return _SaidAnswer.from_bytes(body, where="result frame").believed()
    except RecordError:
        return None
