"""Reads the three pipes of a run: keeps what may be kept, counts all, finds the frames."""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import termios
from collections.abc import Callable
from dataclasses import dataclass, field

from tracemill_sandbox.inside.frame import NONCE_BYTES, Answer, Reader
from tracemill_sandbox.request import Limits

_BLOCK = 1 << 16
_INT = struct.Struct("i")


@dataclass
class Stream:
    """One pipe of the run: keeps the first ``room`` bytes, counts all."""

    room: int
    kept: bytearray = field(default_factory=bytearray)
    made: int = 0

    def take(self, data: bytes) -> None:
        """Keep what fits, count everything."""
        self.made += len(data)
        self.kept += data[: max(0, self.room - len(self.kept))]


@dataclass(frozen=True, kw_only=True)
class Pipes:
    """The host's ends of a run's pipes, not blocking."""

    stdout: int
    stderr: int
    result: int

    def close(self) -> None:
        """Close all of them."""
        for pipe in (self.stdout, self.stderr, self.result):
            os.close(pipe)


class Listener:
    """Reads from its making on until ``close``.

    Args:
        pipes: Closed by ``close``.
        limits: Of the request.
        nonce: Begins each frame.
        on_answer: Called for each frame, once it stands in ``answers``.
        on_flood: Called with the reason as soon as more came than is allowed.
        frames: How many are wanted.

    Attributes:
        stdout: What came there.
        stderr: What came there.
        answers: The frames that came.
        flood: Why more came than is allowed, which may be found when the run has ended; else empty.
        result_bytes: Bytes on the result channel.
    """

    def __init__(
        self,
        pipes: Pipes,
        limits: Limits,
        nonce: bytes,
        *,
        on_answer: Callable[[], None],
        on_flood: Callable[[str], None],
        frames: int = 1,
    ) -> None:
        self.stdout = Stream(room=limits.output_bytes)
        self.stderr = Stream(room=limits.output_bytes)
        self.answers: list[Answer] = []
        self.result_bytes = 0
        self.flood = ""
        self._pipes, self._limits = pipes, limits
        self._on_answer, self._on_flood = on_answer, on_flood
        self._result_room = limits.result_bytes + NONCE_BYTES + (1 << 16)
        self._frames = Reader(nonce, frames=frames, room=self._result_room)
        self._takers: dict[int, Callable[[bytes], None]] = {
            pipes.stdout: self._take_stdout,
            pipes.stderr: self._take_stderr,
            pipes.result: self._take_result,
        }
        self._loop = asyncio.get_running_loop()
        for pipe in self._takers:
            self._loop.add_reader(pipe, self._read, pipe)

    def close(self, *, drain: bool) -> None:
        """Stop; with ``drain`` take first what already stands in the pipes.

        Of a cell's pipes some may still be written to, by processes that it started.
        """
        for pipe in list(self._takers):
            left = _standing(pipe) if drain else 0
            while left > 0 and (taken := self._read(pipe)):
                left -= taken
            self._end(pipe)
        self._pipes.close()

    def _read(self, pipe: int) -> int:
        """Take what is there, at most a block; returns how many bytes that were."""
        try:
            data = os.read(pipe, _BLOCK)
        except BlockingIOError:
            return 0
        if data:
            self._takers[pipe](data)
        else:
            self._end(pipe)
        return len(data)

    def _end(self, pipe: int) -> None:
        if self._takers.pop(pipe, None) is not None:
            self._loop.remove_reader(pipe)

    def _take_stdout(self, data: bytes) -> None:
        self.stdout.take(data)
        self._check_flood()

    def _take_stderr(self, data: bytes) -> None:
        self.stderr.take(data)
        self._check_flood()

    def _take_result(self, data: bytes) -> None:
        self.result_bytes += len(data)
        if self.result_bytes > self._result_room:
            self._tell_flood("wrote more than the result channel takes")
            return
        for answer in self._frames.feed(data):
            self.answers.append(answer)
            self._on_answer()
        if self._frames.refused:
            self._tell_flood(self._frames.refused)

    def _check_flood(self) -> None:
        if self.stdout.made + self.stderr.made > self._limits.flood_bytes:
            self._tell_flood(f"wrote more than {self._limits.flood_bytes} bytes")

    def _tell_flood(self, reason: str) -> None:
        self.flood = self.flood or reason
        self._on_flood(reason)


def _standing(pipe: int) -> int:
    """Return how many bytes stand in a pipe."""
    (size,) = _INT.unpack(fcntl.ioctl(pipe, termios.FIONREAD, bytes(_INT.size)))
    return int(size)
