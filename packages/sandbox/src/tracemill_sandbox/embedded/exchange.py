"""The host's side of one run: reads what comes, keeps the time, ends what goes too far.

Nothing that the program writes can make this block or grow beyond its bounds.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.folder import MOST_ENTRIES, measure
from tracemill_sandbox.frame import NONCE_BYTES
from tracemill_sandbox.request import Limits
from tracemill_sandbox.warden import Ended

Cause = Literal["timeout", "output_limit"]

_START_SECONDS = 20.0
_END_SECONDS = 5.0
_TICK_SECONDS = 0.1
_BLOCK = 1 << 16


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
class Capture:
    """Everything the host saw of one run."""

    stdout: Stream
    stderr: Stream
    result: Stream
    ended: Ended
    cause: Cause | None
    reason: str
    wall_seconds: float


class Exchange:
    """One run, from the hand-over of its descriptors to the server's word that it is over."""

    def __init__(
        self,
        *,
        control: socket.socket,
        status: socket.socket,
        pipes: tuple[int, int, int],
        limits: Limits,
        folder: Path,
    ) -> None:
        self._control, self._status = control, status
        self._limits, self._folder = limits, folder
        room = limits.output_bytes
        self._streams = {
            pipes[0]: Stream(room=room),
            pipes[1]: Stream(room=room),
            pipes[2]: Stream(room=limits.result_bytes + NONCE_BYTES + (1 << 16)),
        }
        self._handle: int | None = None
        self._ended: Ended | None = None
        self._cause: Cause | None = None
        self._reason = ""
        self._began = self._deadline = 0.0
        self._next_measure = 0.0
        self._over = False

    def carry_out(self) -> Capture:
        """Follow the run until it is over.

        Raises:
            WorkerLost: if the server or the warden ended, or did not answer in time.
        """
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
            for descriptor in (self._control.fileno(), self._status.fileno(), *self._streams):
                selector.register(descriptor, selectors.EVENT_READ)
            stack.callback(self._close_handle)
            self._began = time.monotonic()
            self._deadline = self._began + _START_SECONDS
            while not self._over:
                self._turn(selector)
            wall = time.monotonic() - self._began
            self._drain(selector)
        return self._capture(wall)

    def _turn(self, selector: selectors.BaseSelector) -> None:
        left = self._deadline - time.monotonic()
        for key, _ in selector.select(max(0.0, min(left, _TICK_SECONDS))):
            if key.fd == self._control.fileno():
                self._hear_server()
            elif key.fd == self._status.fileno():
                self._hear_warden(selector)
            else:
                self._read(selector, key.fd)
        if not self._over:
            self._check()

    def _hear_server(self) -> None:
        try:
            said = self._control.recv(64)
        except OSError as error:
            raise WorkerLost(f"the fork server hung up: {error.strerror}") from error
        if said != b"done":
            raise WorkerLost("the fork server ended during the run")
        self._over = True

    def _hear_warden(self, selector: selectors.BaseSelector) -> None:
        data, handles, _, _ = socket.recv_fds(self._status, 4096, 1)
        if not data:
            selector.unregister(self._status)
        elif data == b"started" and handles:
            self._handle = handles[0]
            self._began = time.monotonic()
            self._deadline = self._began + self._limits.wall_seconds
            self._next_measure = self._began + _TICK_SECONDS
        else:
            self._ended = Ended(**json.loads(data))
            self._deadline = time.monotonic() + _END_SECONDS

    def _read(self, selector: selectors.BaseSelector, pipe: int) -> None:
        data = os.read(pipe, _BLOCK)
        if data:
            self._streams[pipe].take(data)
        else:
            selector.unregister(pipe)

    def _check(self) -> None:
        if self._cause is None and self._ended is None and self._handle is not None:
            self._check_floods()
        if time.monotonic() < self._deadline:
            return
        if self._handle is None or self._ended is not None or self._cause is not None:
            raise WorkerLost("the run did not start or did not end in time")
        self._end("timeout", f"still running after {self._limits.wall_seconds:g} s")

    def _check_floods(self) -> None:
        stdout, stderr, result = self._streams.values()
        if stdout.made + stderr.made > self._limits.flood_bytes:
            self._end("output_limit", f"wrote more than {self._limits.flood_bytes} bytes")
        elif result.made > result.room:
            self._end("output_limit", "wrote more than the result channel takes")
        else:
            self._check_disk()

    def _check_disk(self) -> None:
        if time.monotonic() < self._next_measure:
            return
        usage = measure(self._folder)
        if usage.size > self._limits.disk_bytes or usage.entries >= MOST_ENTRIES:
            self._end(
                "output_limit", f"its files hold {usage.size} bytes in {usage.entries} entries"
            )
        self._next_measure = time.monotonic() + _TICK_SECONDS

    def _end(self, cause: Cause, reason: str) -> None:
        self._cause, self._reason = cause, reason
        self._deadline = time.monotonic() + _END_SECONDS
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def _drain(self, selector: selectors.BaseSelector) -> None:
        """Read what is left in the pipes; every writer is dead, so this ends at once."""
        for source in (self._control, self._status):
            with contextlib.suppress(KeyError):
                selector.unregister(source)
        while selector.get_map():
            ready = selector.select(0)
            if not ready:
                return
            for key, _ in ready:
                self._read(selector, key.fd)

    def _capture(self, wall: float) -> Capture:
        stdout, stderr, result = self._streams.values()
        if self._ended is None:
            told = bytes(stderr.kept[:200]).decode(errors="replace").strip()
            raise WorkerLost(f"the run's first process ended without a report ({told})")
        return Capture(
            stdout=stdout,
            stderr=stderr,
            result=result,
            ended=self._ended,
            cause=self._cause,
            reason=self._reason,
            wall_seconds=wall,
        )

    def _close_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
