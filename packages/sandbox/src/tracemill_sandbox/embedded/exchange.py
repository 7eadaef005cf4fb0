"""The host's side of one run: follows it to its end, and ends what goes too far.

The worker keeps the run's time; the host's own deadline is a later one, for a worker that fails.
Nothing that the program writes can make this block or grow beyond its bounds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tracemill_sandbox.embedded.channel import Channel, close_all
from tracemill_sandbox.embedded.listen import Listener, Pipes, Stream
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.frame import Answer
from tracemill_sandbox.inside.job import Ended, Message
from tracemill_sandbox.request import Limits

Cause = Literal["timeout", "memory", "output_limit", "killed", "cancelled"]

_START_SECONDS = 20.0
_ALLOWANCE_SECONDS = 2.0
"""How much later than the worker's the host's deadline is."""
_END_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Everything the host saw of one run.

    Attributes:
        stdout: What came on the first pipe.
        stderr: Likewise.
        result_bytes: Bytes on the result channel.
        answers: The frames found there, one for a program, up to one a snippet for a batch.
        ended: What the worker saw.
        cause: Why the host or the worker ended the run; None if neither did.
        reason: The same in words.
    """

    stdout: Stream
    stderr: Stream
    result_bytes: int
    answers: tuple[Answer, ...]
    ended: Ended
    cause: Cause | None
    reason: str


class Exchange:
    """One run, from the hand-over of its descriptors to the worker's word that it is over.

    Args:
        status: Our end of the socket on which the worker tells.
        pipes: Our ends; closed when the run is over.
        limits: Of the request.
        nonce: Begins each frame.
        wall_seconds: Time that the worker was given.
        on_progress: Called when the program begins, and for each frame.
        frames: How many of them are wanted.

    Attributes:
        runs_on: Whether the run was lost while it may still live: its worker can not be used again.
    """

    def __init__(
        self,
        *,
        status: socket.socket,
        pipes: Pipes,
        limits: Limits,
        nonce: bytes,
        wall_seconds: float,
        on_progress: Callable[[], None] = lambda: None,
        frames: int = 1,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._wall, self._on_progress = wall_seconds, on_progress
        self._handle: int | None = None
        self._ended: Ended | None = None
        self._cause: Cause | None = None
        self._reason = ""
        self.runs_on = False
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._listener = Listener(
            pipes,
            limits,
            nonce,
            on_answer=on_progress,
            on_flood=lambda reason: self.end("output_limit", reason),
            frames=frames,
        )
        self._channel = Channel(status, self._hear)
        self._timer = self._loop.call_later(_START_SECONDS, self._too_late)

    async def carry_out(self) -> Capture:
        """Follow the run until it is over; a cancelled call ends it first.

        Raises:
            WorkerLost: if the worker ended, or did not answer in time.
        """
        try:
            await asyncio.shield(self._over)
        except asyncio.CancelledError:
            self.end("cancelled", "its caller gave it up")
            with contextlib.suppress(WorkerLost):
                await self._over
            raise
        finally:
            self.close()
        return self._capture()

    def end(self, cause: Cause, reason: str) -> None:
        """Kill the program; the worker ends what is left of the run and tells."""
        if self._cause is not None or self._over.done():
            return
        self._cause, self._reason = cause, reason
        self._timer.cancel()
        self._timer = self._loop.call_later(_END_SECONDS, self._too_late)
        self._kill()

    def close(self) -> None:
        """Let go of all descriptors; for a run that could not even be handed over."""
        self._timer.cancel()
        self._channel.close()
        # Every writer is dead once the worker has said so; before that the pipes have no end.
        self._listener.close(drain=self._ended is not None)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _kill(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def _hear(self, message: Message | None, descriptors: list[int]) -> None:
        if message is None:
            self._lose("the worker told nothing of the run's end")
        elif "started" in message:
            self._begin(descriptors)
        elif "ended" in message:
            self._ended = Ended(**message["ended"])  # type: ignore[arg-type]  # our worker wrote it
            if not self._over.done():
                self._over.set_result(None)
        else:
            close_all(descriptors)
            self._lose(f"the run could not begin: {message.get('failed')}")

    def _begin(self, descriptors: list[int]) -> None:
        if len(descriptors) != 1:  # the kernel drops what this process has no number left for
            close_all(descriptors)
            self._lose("no handle of its process came", runs_on=True)
            return
        (self._handle,) = descriptors
        if self._cause is not None:
            self._kill()  # it was ended before it began
            return
        self._timer.cancel()
        self._timer = self._loop.call_later(self._wall + _ALLOWANCE_SECONDS, self._too_late)
        self._on_progress()

    def _too_late(self) -> None:
        if self._handle is None or self._cause is not None:
            self._lose("the run did not start or did not end in time", runs_on=True)
        else:
            self.end("timeout", f"still running after {self._wall:g} s")

    def _lose(self, reason: str, *, runs_on: bool = False) -> None:
        if not self._over.done():
            self.runs_on = runs_on
            self._over.set_exception(WorkerLost(reason))

    def _capture(self) -> Capture:
        assert self._ended is not None  # noqa: S101 - carry_out waited for it
        cause, reason = self._why_ended(self._ended)
        return Capture(
            stdout=self._listener.stdout,
            stderr=self._listener.stderr,
            result_bytes=self._listener.result_bytes,
            answers=tuple(self._listener.answers),
            ended=self._ended,
            cause=cause,
            reason=reason,
        )

    def _why_ended(self, ended: Ended) -> tuple[Cause | None, str]:
        """Return our word, else the worker's, else what was found when all was over."""
        if self._cause is not None:
            return self._cause, self._reason
        if ended.cause is None and self._listener.flood:
            return "output_limit", self._listener.flood
        return ended.cause, ended.reason
