"""The flow of the sandbox: a request waits its turn, gets a worker, and its result comes back.

    request -> admission -> lease of an idle worker -> Worker (fork server -> program)
                                  |  lost: once more on another; twice: ``infra_error``
                                  v
                            result; the worker is given back

Beside it each place of the pool has a keeper that starts, watches, proves and replaces its worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self, TypedDict

from tracemill_sandbox.admission import Admission, machine_memory
from tracemill_sandbox.backend import Wish, backend_of
from tracemill_sandbox.dispatch import attempt
from tracemill_sandbox.dispatch.batch import run_batch
from tracemill_sandbox.dispatch.session import Hold, PoolSession, begin
from tracemill_sandbox.errors import PoolStopped, RequestInvalid, SandboxUnavailable
from tracemill_sandbox.event import Event, EventLog
from tracemill_sandbox.lifecycle.breaker import Breaker
from tracemill_sandbox.lifecycle.household import STOPPED, Household
from tracemill_sandbox.lifecycle.keeper import Keeper, open_backend
from tracemill_sandbox.lifecycle.shutdown import abandon, shut_down
from tracemill_sandbox.lifecycle.upkeep import Upkeep
from tracemill_sandbox.metrics import Meter, Metrics
from tracemill_sandbox.report import StopReport, patience
from tracemill_sandbox.request import BatchRequest, Limits, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import LIBRARIES, Backend, Greeting, Worker
from tracemill_schema.episode import SandboxIdentity

MOST_WAITING = 1_024
PER_FORK = 64
GRACE_SECONDS = 2.0


class PoolOptions(TypedDict, total=False):
    """The keywords of ``SandboxPool``, for those who hand them on."""

    workers: int
    backend: str | Backend
    require: tuple[str, ...]
    avoid: tuple[str, ...]
    most_waiting: int
    memory_bytes: int | None
    libraries: tuple[str, ...]
    spares: int
    upkeep: Upkeep
    listener: Callable[[Event], None] | None
    prove: Callable[[Worker], Awaitable[None]]


async def _selftest(worker: Worker) -> None:
    from tracemill_sandbox.selftest import selftest  # noqa: PLC0415 - one program, read when used

    await selftest(worker)


def _check_count(name: str, value: object, *, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise RequestInvalid(f"{name}: wanted a whole number from {least}, got {value!r}")


class SandboxPool:
    """Workers that run untrusted Python, one fresh process per run. For one event loop.

    >>> async with SandboxPool(workers=2) as pool:
    ...     result = await pool.run(RunRequest(code="x = 1 + 1", outputs=("x",)))
    ...     result.output("x")
    2

    Args:
        workers: Runs at the same time.
        backend: ``embedded``, ``hardened``, ``oci``, ``unsafe``, or an object that makes workers.
        require: Parts of the tier that must hold, of ``namespaces``, ``landlock``, ``seccomp``.
        avoid: Parts that are not to be used, to see what holds without them.
        most_waiting: Requests that may wait for a worker at the same time.
        memory_bytes: Sum of the memory limits of all runs in flight; None: what the machine has.
        libraries: Modules that the workers load beforehand, where they are installed; parts of
            them too, as ``scipy.stats`` (which doubles a worker's memory and takes half a second of
            each run that has to import it). Others are loaded by the runs that import them.
        spares: Processes that each worker keeps ready for the next run.
        upkeep: How workers are watched and replaced.
        listener: Called with every transition of a worker, on the event loop.
        prove: The live self-test that a worker passes before it is ready.

    Raises:
        RequestInvalid: if one of the numbers can not be, or there is no such backend.
        SandboxUnavailable: if this machine can not have that backend.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        backend: str | Backend = "embedded",
        require: tuple[str, ...] = (),
        avoid: tuple[str, ...] = (),
        most_waiting: int = MOST_WAITING,
        memory_bytes: int | None = None,
        libraries: tuple[str, ...] = LIBRARIES,
        spares: int = 1,
        upkeep: Upkeep | None = None,
        listener: Callable[[Event], None] | None = None,
        prove: Callable[[Worker], Awaitable[None]] = _selftest,
    ) -> None:
        counts = {"workers": workers, "most_waiting": most_waiting, "spares": spares}
        for name, value in counts.items():
            _check_count(name, value, least=1 if name == "workers" else 0)
        if memory_bytes is not None:
            _check_count("memory_bytes", memory_bytes, least=1)
        self._size, self._upkeep = workers, upkeep or Upkeep()
        self._house = Household(
            backend=backend_of(backend, Wish(libraries=libraries, avoid=avoid, spares=spares)),
            require=require,
            prove=prove,
            upkeep=self._upkeep,
            admission=Admission(
                slots=workers,
                most_waiting=most_waiting,
                memory_bytes=machine_memory() if memory_bytes is None else memory_bytes,
            ),
            log=EventLog(listener),
            meter=Meter(),
            breaker=Breaker(
                most_failures=self._upkeep.most_start_failures,
                open_seconds=self._upkeep.open_seconds,
            ),
        )
        self._keepers: list[Keeper] = []
        self._holds: set[Hold] = set()
        self._starting: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[StopReport] | None = None

    async def run(self, request: RunRequest) -> RunResult:
        """Run one program in a fresh process and wait for its result; starts the pool if needed.

        A caller that is cancelled ends its program and frees the worker.

        Raises:
            PoolSaturated: if too many requests wait already.
            PoolStopped: if the pool is stopped.
            SandboxUnavailable: see ``start``; or if no worker is left and none starts.
            RequestInvalid: if it asks for more memory than the pool may use in all.
        """
        await self.start()
        return await attempt.run(self._house, request)

    async def submit_many(
        self,
        codes: Sequence[str],
        *,
        files: Mapping[str, bytes] | None = None,
        limits: Limits | None = None,
        outputs: tuple[str, ...] = (),
        subprocess: bool = True,
        per_fork: int = PER_FORK,
    ) -> tuple[RunResult, ...]:
        """Run snippets, up to ``per_fork`` of them one after the other in one process.

        Args:
            codes: Python sources.
            files: See ``BatchRequest``, as for the next three.
            limits: For each snippet or each process.
            outputs: Of each snippet.
            subprocess: Whether snippets may start programs and fork.
            per_fork: Snippets that may share a process, and so see what those before them left.

        Returns:
            One result for each snippet, in order.

        Raises:
            SandboxError: as ``run``.
            RequestInvalid: as ``run``.
        """
        _check_count("per_fork", per_fork, least=1)
        if not codes:
            return ()
        request = BatchRequest(
            codes=tuple(codes),
            files=files or {},
            limits=limits or Limits(),
            outputs=outputs,
            subprocess=subprocess,
        )
        await self.start()
        return await run_batch(self._house, request, per_fork=per_fork, lanes=self._size)

    @asynccontextmanager
    async def session(self, request: SessionRequest) -> AsyncIterator[PoolSession]:
        """Begin a stateful episode, which has a worker until it is closed.

        Raises:
            SessionClosed: if two workers were lost before it began.
            SandboxError: as ``run``.
            RequestInvalid: as ``run``.
        """
        await self.start()
        hold, session = await begin(self._house, request)
        self._holds.add(hold)
        try:
            yield session
        finally:
            self._holds.discard(hold)
            await hold.close("it was closed")

    async def start(self) -> None:
        """Start all workers and wait until they are ready; a second call does nothing.

        Raises:
            SandboxUnavailable: if no worker starts here, or not with what ``require`` asks; the
                pool is stopped then.
            PoolStopped: if the pool was stopped before.
        """
        if self._stopping is not None:
            raise PoolStopped
        if self._starting is None:
            self._starting = asyncio.ensure_future(self._start())
        if not self._starting.done():
            await asyncio.wait({self._starting})
        if self._starting.cancelled():
            raise PoolStopped  # while it started
        self._starting.result()

    async def stop(self, grace: float = GRACE_SECONDS) -> StopReport:
        """Let running programs end for ``grace`` seconds, then end them, the workers and all else.

        Never raises, never takes longer than ``grace`` + 2 s; what could not be ended or removed
        stands in the report and in the log. A second call returns the first one's report.
        """
        if self._stopping is None and self._starting and self._starting.get_loop().is_closed():
            self._stopping = asyncio.ensure_future(abandon(self._house))
        if self._stopping is None:
            self._house.stopping = True
            self._house.admission.close(PoolStopped())
            for hold in self._holds:
                hold.close_soon(STOPPED)
            starting = self._starting
            if starting is asyncio.current_task():
                starting = None  # it failed, and ends by itself
            self._stopping = asyncio.ensure_future(
                shut_down(self._house, self._keepers, patience(grace), starting)
            )
        return await asyncio.shield(self._stopping)

    async def identity(self) -> SandboxIdentity:
        """Return backend, tier, Python and libraries that every run of this pool sees."""
        greeting = await self.offer()
        return SandboxIdentity(
            backend=self._house.backend.name,
            tier=greeting.tier,
            python=greeting.python,
            libraries=greeting.libraries,
        )

    async def offer(self) -> Greeting:
        """Return which tier holds, as which user runs go, and why it is not better."""
        await self.start()
        assert self._house.first is not None  # noqa: S101 - start() sets it or raises
        return self._house.first

    def metrics(self) -> Metrics:
        """Return the counters since the pool was made."""
        return self._house.meter.snapshot()

    def events(self) -> tuple[Event, ...]:
        """Return the newest transitions of workers, oldest first."""
        return self._house.log.events()

    def worker_pids(self) -> tuple[int, ...]:
        """Return process ids of the workers that live, for those who watch the machine.

        A worker that has no process on this machine, for instance one in a container, has none.
        """
        found = (member.worker.pid for member in self._house.members if member is not None)
        return tuple(pid for pid in found if pid is not None)

    async def __aenter__(self) -> Self:
        """Start the workers; see ``start``."""
        try:
            await self.start()
        except BaseException:  # a cancelled start must not leave workers behind either
            await self.stop(grace=0.0)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the workers."""
        await self.stop()

    async def _start(self) -> None:
        """Open the backend, then all places at once."""
        try:
            await open_backend(self._house)
            self._house.members[:] = [None] * self._size
            self._keepers += [Keeper(self._house, place) for place in range(self._size)]
            await asyncio.gather(*(keeper.stands for keeper in self._keepers))
        except SandboxUnavailable:
            await self.stop(grace=0.0)
            raise
