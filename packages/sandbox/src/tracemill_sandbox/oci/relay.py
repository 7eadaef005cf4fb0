"""The program in the container: serves one worker to one host over a unix socket.

``python -m tracemill_sandbox.oci.relay SOCKET``. It takes one connection, and ends with it, so
that it can not outlive its host; also if none comes within 30 s. The container ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NoReturn

from tracemill_sandbox.errors import RequestInvalid, SandboxError, SessionClosed, WorkerLost
from tracemill_sandbox.oci.wire import (
    NOBODY,
    Answer,
    Ask,
    Cell,
    Fault,
    Setup,
    WireFault,
    encode,
    fault_of,
    from_json,
    receive,
    to_json,
)
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.worker import Backend, Worker, WorkerSession

FIRST_SECONDS = 30.0
"""How long it waits for its host."""

MakeBackend = Callable[[Setup], Backend]

_LAST_WORDS_SECONDS = 0.5
_WORKER_ID = "relayed"


class Relay:
    """One connection of a host."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, make: MakeBackend
    ) -> None:
        self._reader, self._writer, self._make = reader, writer, make
        self._backend: Backend | None = None
        self._worker: Worker | None = None
        self._sessions: dict[int, WorkerSession] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Answer questions until the host hangs up or the worker is lost.

        Raises:
            WireFault: if the host says what is no question.
            OSError: if the connection broke.
        """
        while (ask := await receive(Ask, self._reader)) is not None:
            if ask.verb == "cancel":
                self._cancel(from_json(int, ask.body))
                continue
            task = self._tasks[ask.number] = asyncio.create_task(self._handle(ask))
            task.add_done_callback(functools.partial(self._handled, ask.number))

    async def leave(self) -> None:
        """Kill the worker with all that it runs, let the last words out, and hang up."""
        if self._worker is not None:
            self._worker.kill()
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self._writer.wait_closed()
        self._writer.transport.abort()

    def _cancel(self, number: int) -> None:
        if number in self._tasks:
            self._tasks[number].cancel()

    async def _handle(self, ask: Ask) -> None:
        try:
            self._say(Answer(number=ask.number, body=to_json(await self._carry_out(ask))))
        except (SandboxError, RequestInvalid) as error:
            self._say(Answer(number=ask.number, fault=fault_of(error)))

    def _handled(self, number: int, task: asyncio.Task[None]) -> None:
        """Say that a question was taken back; one that failed in another way ends the relay."""
        del self._tasks[number]
        if task.cancelled():
            fault = Fault(kind="Cancelled", text="given up by its host")
            self._say(Answer(number=number, fault=fault))
        elif (error := task.exception()) is not None:
            self._hang_up(f"{type(error).__name__}: {error}")

    def _say(self, answer: Answer) -> None:
        self._writer.write(encode(answer))

    def _hang_up(self, reason: str) -> None:
        self._say(Answer(number=NOBODY, fault=Fault(kind="WorkerLost", text=reason)))
        self._reader.feed_eof()

    async def _watch(self, worker: Worker) -> None:
        """Tell the host when the worker is lost, and end."""
        self._hang_up(f"the worker inside was lost: {await worker.wait_lost()}")

    async def _carry_out(self, ask: Ask) -> object:
        verb = _VERBS.get(ask.verb)
        if verb is None:
            raise WireFault(f"verb: wanted one of {', '.join(_VERBS)}, got {ask.verb!r}")
        return await verb(self, ask)

    async def start(self, ask: Ask) -> object:
        """Make the backend and start the worker."""
        self._backend = self._make(from_json(Setup, ask.body))
        await self._backend.open()
        worker = self._backend.worker(_WORKER_ID)
        self._worker = worker
        greeting = await worker.start()
        self._watching = asyncio.create_task(self._watch(worker))
        return greeting

    async def run(self, ask: Ask) -> object:
        """Run one program."""
        return await self._started().run(from_json(RunRequest, ask.body))

    async def run_batch(self, ask: Ask) -> object:
        """Run snippets."""
        return await self._started().run_batch(from_json(BatchRequest, ask.body))

    async def ping(self, _ask: Ask) -> object:
        """Ask the worker how it is."""
        return await self._started().ping()

    async def open_session(self, ask: Ask) -> object:
        """Begin a session; returns its number, which is that of the question."""
        request = from_json(SessionRequest, ask.body)
        session = await self._started().open_session(request)
        self._sessions = {ask.number: session}  # a worker has one at a time, with its branches
        return ask.number

    async def cell(self, ask: Ask) -> object:
        """Run one cell."""
        cell = from_json(Cell, ask.body)
        return await self._session(ask).run(cell.code, cell.outputs)

    async def rollback(self, ask: Ask) -> object:
        """Take cells back."""
        await self._session(ask).rollback(from_json(int, ask.body))
        return True

    async def branch(self, ask: Ask) -> object:
        """Begin a second session; returns its number."""
        self._sessions[ask.number] = await self._session(ask).branch()
        return ask.number

    async def close(self, ask: Ask) -> object:
        """End a session."""
        session = self._sessions.pop(ask.session, None)
        if session is not None:
            await session.close()
        return True

    async def stop(self, ask: Ask) -> object:
        """End worker and backend; returns what failed."""
        if self._watching is not None:
            self._watching.cancel()
        grace = from_json(float, ask.body)
        failures = () if self._worker is None else await self._worker.stop(grace)
        return failures if self._backend is None else failures + await self._backend.close(0.0)

    def _started(self) -> Worker:
        if self._worker is None:
            raise WorkerLost("the worker in the container has not started")
        return self._worker

    def _session(self, ask: Ask) -> WorkerSession:
        if ask.session not in self._sessions:
            raise SessionClosed("it was closed")
        return self._sessions[ask.session]


_VERBS: Mapping[str, Callable[[Relay, Ask], Awaitable[object]]] = {
    "start": Relay.start,
    "run": Relay.run,
    "run_batch": Relay.run_batch,
    "ping": Relay.ping,
    "open_session": Relay.open_session,
    "cell": Relay.cell,
    "rollback": Relay.rollback,
    "branch": Relay.branch,
    "close": Relay.close,
    "stop": Relay.stop,
}


async def serve(path: Path, make: MakeBackend, *, first_seconds: float = FIRST_SECONDS) -> str:
    """Serve one host at the socket ``path``, which is gone when this returns.

    Returns:
        Why it ended.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[Relay] = loop.create_future()

    def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if arrived.done():
            writer.transport.abort()  # one host and no other
        else:
            arrived.set_result(Relay(reader, writer, make))

    draft = path.with_suffix(".draft")
    server = await asyncio.start_unix_server(greet, draft)
    draft.chmod(0o666)  # the host is another user; nobody else can reach the folder
    draft.rename(path)  # whoever sees it can connect to it
    try:
        async with asyncio.timeout(first_seconds):
            relay = await arrived
    except TimeoutError:
        return f"no host came within {first_seconds:g} s"
    finally:
        server.close()
        path.unlink(missing_ok=True)
    return await _follow(relay)


async def _follow(relay: Relay) -> str:
    try:
        await relay.serve()
    except (OSError, WireFault) as error:
        return str(error)
    finally:
        await relay.leave()
    return "the host hung up"


def _embedded(setup: Setup) -> Backend:
    from tracemill_sandbox.embedded.backend import EmbeddedBackend  # noqa: PLC0415 - heavy

    return EmbeddedBackend(libraries=setup.libraries, avoid=setup.avoid, spares=setup.spares)


def main(arguments: list[str]) -> None:
    """Serve, then end at once; what still runs ends with the container."""
    asyncio.run(_serve_and_end(Path(arguments[0])))


async def _serve_and_end(path: Path) -> NoReturn:
    reason = await serve(path, _embedded)
    os.write(2, f"relay: {reason}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
