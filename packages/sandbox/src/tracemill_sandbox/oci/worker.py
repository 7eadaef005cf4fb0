"""A worker in a container: what is asked of it goes to its relay, what comes is stamped here."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tracemill_sandbox.errors import SandboxError, SandboxUnavailable, WorkerLost
from tracemill_sandbox.oci.container import Container, Shelf, report
from tracemill_sandbox.oci.engine import EngineError
from tracemill_sandbox.oci.ledger import Entry
from tracemill_sandbox.oci.link import Deadlines, Link
from tracemill_sandbox.oci.recipe import SOCKET_NAME
from tracemill_sandbox.oci.wire import Cell, Setup
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, Health, StopFailure

BACKEND = "oci"
TIER_PREFIX = "oci-"

Kind = TypeVar("Kind")

_LOOK_SECONDS = 0.01
_LOOK_AT_CONTAINER_SECONDS = 1.0
_REMOVAL_SECONDS = 1.0
_LEAST_DRAIN_SECONDS = 0.2  # in less nobody can answer: hanging up ends the worker as well
_DISCARD_SECONDS = 3.0
_REFUSED = (400, 404)  # what the engine says to options or an image that it can not use
_NOT_PREPARED = (
    "give image= an image with Python 3.11 or newer and tracemill-sandbox installed, or let all "
    "users read the environment of this process"
)


class OciWorker:
    """One long-lived container with a relay in it."""

    def __init__(
        self, *, worker_id: str, shelf: Shelf, entry: Entry, setup: Setup, deadlines: Deadlines
    ) -> None:
        self._worker_id = worker_id
        self._container = Container(shelf, entry)
        self._folder = Path(entry.folder)
        self._setup, self._deadlines = setup, deadlines
        self._link: Link | None = None
        self._greeting: Greeting | None = None
        self._failures: tuple[StopFailure, ...] = ()
        self._killed = self._stopped = False

    @property
    def worker_id(self) -> str:
        """Return its id."""
        return self._worker_id

    @property
    def container(self) -> str:
        """Return the id of its container, or the name as long as it has none."""
        return self._container.subject

    @property
    def greeting(self) -> Greeting:
        """Return what it said at its start."""
        if self._greeting is None:
            raise WorkerLost(f"worker {self._worker_id} has not started")
        return self._greeting

    @property
    def pid(self) -> int | None:
        """Return None: its processes are the container's."""
        return None

    async def start(self) -> Greeting:
        """Make the container and wait for the worker in it; what was made goes if that fails.

        A start that is cancelled leaves that to ``stop``.
        """
        try:
            self._greeting = await self._start()
        except EngineError as error:
            await self._discard()
            raise self._failed(error) from error
        except SandboxError:
            await self._discard()
            raise
        return self._greeting

    async def _start(self) -> Greeting:
        self._make_folder()
        await self._container.launch(self._deadlines.call)
        until = time.monotonic() + self._deadlines.start
        self._link = await self._connect(until)
        left = until - time.monotonic()
        said = await self._link.ask(Greeting, "start", self._setup, seconds=left)
        return replace(said, tier=TIER_PREFIX + said.tier)

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True)
            self._folder.chmod(0o777)  # its parent is closed, and users inside are others
        except OSError as error:
            raise WorkerLost(f"worker {self._worker_id}: {error}") from error

    async def _connect(self, until: float) -> Link:
        """Wait for the relay's socket; a container that ends with words will do so again."""
        path, clock = self._folder / SOCKET_NAME, time.monotonic
        next_look = clock() + _LOOK_AT_CONTAINER_SECONDS
        while clock() < until and not self._killed:
            if path.is_socket():
                return await self._dial(path)
            if self._container.output.ended.is_set():
                raise self._ended()
            if clock() > next_look:  # its output may have been lost
                if not await self._container.stands(until - clock()):
                    raise self._ended()
                next_look = clock() + _LOOK_AT_CONTAINER_SECONDS
            await asyncio.sleep(_LOOK_SECONDS)
        words = self._container.output.text
        raise WorkerLost(f"container {self.container} made no socket: {words or 'no word'}")

    async def _dial(self, path: Path) -> Link:
        try:
            return await Link.connect(path, cancel_seconds=self._deadlines.cancel)
        except OSError as error:
            raise WorkerLost(f"container {self.container}: {path.name}: {error}") from error

    def _ended(self) -> SandboxError:
        words = self._container.output.text
        reason = f"container {self.container} ended at once: {words or 'no word'}"
        if words:
            return SandboxUnavailable(reasons=(reason,), remedies=(_NOT_PREPARED,))
        return WorkerLost(reason)

    def _failed(self, error: EngineError) -> SandboxError:
        if error.code in _REFUSED:
            return SandboxUnavailable(reasons=(str(error),), remedies=(_NOT_PREPARED,))
        return WorkerLost(str(error))

    async def _discard(self) -> None:
        """Remove what a failed start has left; what remains is told by ``stop``."""
        self._hang_up()
        until = time.monotonic() + _DISCARD_SECONDS
        self._failures += await self._container.end(until=until)

    async def run(self, request: RunRequest) -> RunResult:
        """Run one program."""
        seconds = request.limits.wall_seconds + self._deadlines.later
        return self.stamp(await self._linked().ask(RunResult, "run", request, seconds=seconds))

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        """Run snippets in one process."""
        most = request.limits.wall_seconds * len(request.codes) + self._deadlines.later
        link = self._linked()
        results = await link.ask(tuple[RunResult, ...], "run_batch", request, seconds=most)
        return tuple(self.stamp(result) for result in results)

    async def open_session(self, request: SessionRequest) -> OciSession:
        """Begin a session."""
        link = self._linked()
        number = await link.ask(int, "open_session", request, seconds=self._deadlines.later)
        return OciSession(self, link, number, request, self._deadlines)

    async def ping(self) -> Health:
        """Ask it how it is."""
        return await self._linked().ask(Health, "ping", seconds=self._deadlines.ping)

    async def wait_lost(self) -> str:
        """Wait until the relay hangs up."""
        return f"container {self.container}: {await self._linked().wait_lost()}"

    def stamp(self, result: RunResult) -> RunResult:
        """Return a result from inside with this worker's own id, backend and tier."""
        tier = TIER_PREFIX + result.tier
        return replace(result, worker_id=self._worker_id, backend=BACKEND, tier=tier)

    def _linked(self) -> Link:
        if self._link is None:
            raise WorkerLost(f"worker {self._worker_id} has not started")
        return self._link

    def kill(self) -> None:
        """Hang up, which ends a relay that is well, and have the container killed."""
        self._killed = True
        self._hang_up()
        self._container.kill()

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        """Drain, stop, kill, remove, verify."""
        if self._stopped:
            return self._failures
        self._stopped = True
        until = time.monotonic() + grace + _REMOVAL_SECONDS
        undrained, told = await self._drain(grace)
        self._hang_up()
        ended = await self._container.end(until=until, leaving=not undrained)
        self._failures += (*undrained, *told, *ended)
        self._failures += self._remove_folder()
        return self._failures

    async def _drain(self, grace: float) -> tuple[tuple[StopFailure, ...], tuple[StopFailure, ...]]:
        """Ask the worker inside to end; return what was wrong with asking, and what it said."""
        if self._link is None or self._link.lost is not None or grace < _LEAST_DRAIN_SECONDS:
            return (), ()
        try:
            said = await self._link.ask(tuple[StopFailure, ...], "stop", grace / 2, seconds=grace)
        except SandboxError as error:
            return (report(self._failure("drain", error)),), ()
        return (), tuple(report(replace(failure, subject=self.container)) for failure in said)

    @property
    def gone(self) -> bool:
        """Return whether nothing of it is in the engine any more, as far as was looked."""
        return self._container.gone

    @property
    def over(self) -> bool:
        """Return whether it was stopped and is gone: nobody needs to look at it again."""
        return self._stopped and self.gone

    async def remove(self, until: float) -> tuple[StopFailure, ...]:
        """Try to remove the container until a time of the monotonic clock; return what failed."""
        return await self._container.end(until=until)

    def _remove_folder(self) -> tuple[StopFailure, ...]:
        try:
            shutil.rmtree(self._folder)
        except FileNotFoundError:
            return ()
        except OSError as error:
            return (report(self._failure("remove", error)),)
        return ()

    def _failure(self, phase: str, error: Exception) -> StopFailure:
        return StopFailure(
            subject=self.container, phase=phase, error=type(error).__name__, text=str(error)
        )


class OciSession:
    """A session of the worker in the container."""

    def __init__(
        self,
        worker: OciWorker,
        link: Link,
        number: int,
        request: SessionRequest,
        deadlines: Deadlines,
    ) -> None:
        self._worker, self._link, self._number = worker, link, number
        self._request, self._deadlines = request, deadlines

    async def run(self, code: str, outputs: tuple[str, ...] = ()) -> RunResult:
        """Run one cell."""
        cell = Cell(code=code, outputs=outputs)
        seconds = self._request.limits.wall_seconds + self._deadlines.later
        return self._worker.stamp(await self._ask(RunResult, "cell", cell, seconds))

    async def rollback(self, cells: int = 1) -> None:
        """Take cells back."""
        await self._ask(bool, "rollback", cells, self._deadlines.later)

    async def branch(self) -> OciSession:
        """Begin a second session at this state."""
        number = await self._ask(int, "branch", None, self._deadlines.later)
        return OciSession(self._worker, self._link, number, self._request, self._deadlines)

    async def close(self) -> None:
        """End it; with the worker it has ended by itself."""
        if self._link.lost is None:
            await self._ask(bool, "close", None, self._deadlines.later)

    async def _ask(self, kind: type[Kind], verb: str, body: object, seconds: float) -> Kind:
        return await self._link.ask(kind, verb, body, session=self._number, seconds=seconds)
