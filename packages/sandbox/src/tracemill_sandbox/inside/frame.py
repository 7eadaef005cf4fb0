"""The result channel: one frame on a pipe of its own, known by a nonce that the host chose.

    frame = nonce (32 random bytes of this run) | length (8 bytes, big-endian) | payload (JSON)

Printing can not forge it: stdout and stderr are other pipes, and bytes written blindly to the
result pipe lack the nonce and are skipped. A program that searches its own interpreter's memory
can find the nonce and lie about itself; so what it says stays a claim.

Such a program also chooses what the host has to parse. Parsing holds the interpreter's lock, so a
thread of its own would keep the event loop waiting just the same: the work itself is bounded, by
counting what a frame holds before it is parsed.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, FailFast, Field

from tracemill_sandbox.result import Binding, Coverage
from tracemill_schema.canonical import ContentHash, encode_finite
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record

NONCE_BYTES = 32
BYTES_PER_VALUE = 16
"""A channel of N bytes takes N / 16 values, so 524,288 of them in 8 MiB. Values of nothing but a
digit fit eight times as densely; as many lists in each other take the host about 0.3 s to parse
(Python 3.11, measured), which no other run should have to wait for."""

MOST_INVALID = 1_000
"""Frames without a valid answer that are skipped; refusing one takes the host about 0.05 ms."""

_LENGTH = struct.Struct(">Q")
_MOST_COUNT = 1 << 53
_ROOM_BYTES = 8 << 20
_FINITE = json.JSONEncoder(allow_nan=False, check_circular=False)


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


def values_in(data: bytes, *, most: float = math.inf) -> int:
    """Return how many values a JSON text holds, or texts where it has more of those.

    What stands in texts is not counted; keys are texts.

    Args:
        data: The text.
        most: With more texts than this no values are looked for: telling the inside of a text from
            its outside takes the host a tenth of a microsecond for each.
    """
    bare = data.replace(rb"\\", b"").replace(rb"\"", b"")
    texts = bare.count(b'"') // 2
    if texts > most:
        return texts
    outside = b"".join(bare.split(b'"')[::2])
    return max(texts, 1 + outside.count(b",") + outside.count(b"[") + outside.count(b"{"))


def weight_of(data: bytes) -> int:
    """Return the bytes that a JSON text counts for in the room of its channel."""
    return max(len(data), BYTES_PER_VALUE * values_in(data))


class _SaidValue(Record):
    """One value, as it came; ``value`` is any JSON, and not looked into while it is parsed."""

    model_config = ConfigDict(extra="ignore")  # each extra key would be a fault to be described

    line_number: int = Field(ge=0, le=_MOST_COUNT)
    name: str
    value: Any
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
    """An answer, as it came; the first fault of a list is all that is said of it."""

    model_config = ConfigDict(extra="ignore")

    exception: str | None
    memory: bool
    outputs: Annotated[tuple[_SaidValue, ...], FailFast()]
    bindings: Annotated[tuple[_SaidValue, ...], FailFast()]
    dropped: int = Field(ge=0, le=_MOST_COUNT)
    exit_code: int = Field(ge=0, le=255)
    stdout: str
    stderr: str
    truncated: bool

    def believed(self) -> Answer:
        """Return it as the host takes it.

        Raises:
            RecordError: see ``_SaidValue.believed``.
            ValueError: if a number is not finite.
        """
        _FINITE.encode([said.value for said in (*self.outputs, *self.bindings)])
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

    Args:
        nonce: Begins each frame.
        frames: Valid ones that are wanted; what comes behind them is not looked at.
        room: Bytes of the channel; they bound the values of all frames together.

    Attributes:
        refused: Why nothing more is taken; empty while the frames keep their bounds.
    """

    def __init__(self, nonce: bytes, *, frames: int = 1, room: int = _ROOM_BYTES) -> None:
        self.refused = ""
        self._nonce = nonce
        self._wanted = frames
        self._most_values = self._values_left = room // BYTES_PER_VALUE
        self._invalid_left = MOST_INVALID
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Take more bytes; return the answers that are whole now. What is not valid is skipped."""
        if not self._looks():
            return []
        self._rest += data
        found: list[Answer] = []
        while self._looks() and (body := self._next_body()) is not None:
            answer = self._read(body)
            if answer is not None:
                found.append(answer)
                self._wanted -= 1
        if not self._looks():
            self._rest.clear()
        return found

    def _looks(self) -> bool:
        return self._wanted > 0 and not self.refused

    def _next_body(self) -> bytes | None:
        start = self._rest.find(self._nonce)
        if start < 0:
            del self._rest[: -len(self._nonce)]
            return None
        del self._rest[:start]  # or it would be searched again with each byte that comes
        head = len(self._nonce) + _LENGTH.size
        if len(self._rest) < head:
            return None
        (length,) = _LENGTH.unpack(self._rest[head - _LENGTH.size : head])
        if len(self._rest) - head < length:
            return None
        found = bytes(self._rest[head : head + length])
        del self._rest[: head + length]
        return found

    def _read(self, body: bytes) -> Answer | None:
        """Return the answer in a body; None if there is none, or no room for it."""
        self._values_left -= values_in(body, most=self._values_left)
        if self._values_left < 0:
            self.refused = f"its results hold more than {self._most_values} values"
            return None
        try:
            return _SaidAnswer.from_bytes(body, where="result frame").believed()
        except (RecordError, ValueError):
            self._invalid_left -= 1
            if self._invalid_left < 0:
                self.refused = f"it sent more than {MOST_INVALID} frames that are none"
            return None
