"""The host's end of the connection to one relay: questions, answers, deadlines."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tracemill_sandbox.embedded.channel import close_in_children
from tracemill_sandbox.errors import RequestInvalid, WorkerLost
from tracemill_sandbox.oci.wire import (
    NOBODY,
    Answer,
    Ask,
    WireFault,
    encode,
    error_of,
    from_json,
    receive,
    to_json,
)

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """Seconds after which the other side counts as hung.

    Attributes:
        call: One call to the engine.
        start: From the start of the container until it can run programs.
        later: Added to the time that a run may take; the worker inside has earlier deadlines.
        ping: A word from an idle worker.
        cancel: The end of a run that was given up.
    """

    call: float = 30.0
    start: float = 60.0
    later: float = 30.0
    ping: float = 5.0
    cancel: float = 10.0


class Link:
    """A connection to a relay; several questions may be open at the same time."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, cancel_seconds: float
    ) -> None:
        self._writer = writer
        self._cancel_seconds = cancel_seconds
        self._numbers = itertools.count(1)
        self._open: dict[int, asyncio.Future[Answer]] = {}
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read(reader))

    @classmethod
    async def connect(cls, path: Path, *, cancel_seconds: float) -> Link:
        """Connect to the socket at ``path``, however long it is (the kernel takes 107 bytes).

        Raises:
            OSError: if nobody listens there.
        """
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        try:
            end = await _connected(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)
        close_in_children(end)
        reader, writer = await asyncio.open_unix_connection(sock=end)
        return cls(reader, writer, cancel_seconds=cancel_seconds)

    async def ask(
        self,
        kind: type[Kind],
        verb: str,
        body: object = None,
        *,
        session: int = 0,
        seconds: float,
    ) -> Kind:
        """Ask, and wait for the answer; a cancelled call has it cancelled over there as well.

        Args:
            kind: What the answer must be.
            verb: See ``wire.Ask``.
            body: A value that ``to_json`` knows.
            session: Number of the session that it is about.
            seconds: Time for the answer.

        Raises:
            WorkerLost: if the connection ended, or the answer came too late or makes no sense.
            RequestInvalid: if the request is too large for a frame.
            SandboxUnavailable: if the relay says so.
            SessionClosed: likewise.
        """
        ask = Ask(number=next(self._numbers), verb=verb, session=session, body=to_json(body))
        frame = _frame(ask)
        answer = self._open[ask.number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await self._send(frame)
                said = await asyncio.shield(answer)
        except TimeoutError as error:
            raise self.fail(f"the relay did not answer {verb} within {seconds:g} s") from error
        except asyncio.CancelledError:
            await self._take_back(ask, answer)
            raise
        finally:
            del self._open[ask.number]
        if said.fault is not None:
            raise error_of(said.fault)
        try:
            return from_json(kind, said.body)
        except (WireFault, RequestInvalid) as error:
            raise self.fail(f"the relay's answer to {verb} makes no sense: {error}") from error

    async def _send(self, frame: bytes) -> None:
        if self._lost.done():
            raise WorkerLost(self._lost.result())
        self._writer.write(frame)
        try:
            await self._writer.drain()
        except OSError as error:
            raise self.fail(f"the connection to the relay broke: {error}") from error

    async def _take_back(self, ask: Ask, answer: asyncio.Future[Answer]) -> None:
        """Have the relay end what it does for a question; no answer in time loses the worker."""
        if self._lost.done():
            return
        self._writer.write(encode(Ask(number=next(self._numbers), verb="cancel", body=ask.number)))
        done, _ = await asyncio.wait((answer,), timeout=self._cancel_seconds)
        if not done:
            self.fail(f"the relay did not end {ask.verb} within {self._cancel_seconds:g} s")

    async def _read(self, reader: asyncio.StreamReader) -> None:
        reason = "the relay hung up"
        try:
            while (said := await receive(Answer, reader)) is not None:
                if said.number == NOBODY and said.fault is not None:
                    reason = said.fault.text
                answer = self._open.get(said.number)
                if answer is not None and not answer.done():
                    answer.set_result(said)
        except (OSError, WireFault) as error:
            reason = f"the connection to the relay broke: {error}"
        self.fail(reason)

    def fail(self, reason: str) -> WorkerLost:
        """Give the connection up; all open questions end with the error that is returned."""
        if not self._lost.done():
            self._lost.set_result(reason)
        for answer in self._open.values():
            if not answer.done():
                answer.set_exception(WorkerLost(reason))
                answer.exception()  # whoever asked may be gone
        self._writer.transport.abort()
        return WorkerLost(reason)

    @property
    def lost(self) -> str | None:
        """Return why it has ended; None while it holds."""
        return self._lost.result() if self._lost.done() else None

    async def wait_lost(self) -> str:
        """Wait until it has ended; return the reason."""
        return await asyncio.shield(self._lost)

    def close(self) -> None:
        """Hang up at once."""
        self._reading.cancel()
        self.fail("the connection was closed")


async def _connected(address: str) -> socket.socket:
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        await asyncio.get_running_loop().sock_connect(end, address)
    except BaseException:
        end.close()
        raise
    return end


def _frame(ask: Ask) -> bytes:
    try:
        return encode(ask)
    except WireFault as error:
        raise RequestInvalid(f"request for a container: {error}") from error
