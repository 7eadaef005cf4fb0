from __future__ import annotations

import asyncio
import functools
import os
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from tracemill_sandbox.errors import RequestInvalid, SandboxError, SessionClosed, WorkerLost
from tracemill_sandbox.kernel import call, landlock
from tracemill_sandbox.kernel.tier import probe, run_user
from tracemill_sandbox.lifecycle.breaker import Backoff
from tracemill_sandbox.lifecycle.upkeep import Upkeep
from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import Binding, Claims, Facts, RunResult, Status
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_sandbox.worker import Greeting, Health, StopFailure, Worker

T = TypeVar("T")

PLANTED = "known-only-to-the-host"
TIER = "namespaces-landlock-seccomp"

OTHER_CORPUS = Path(__file__).parents[4] / "shared" / "sandbox_corpus"
HEADERS = (
    Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    Path("/usr/include/asm-generic/unistd.h"),
)


def mounts() -> None:
    call.unshare(call.CLONE_NEWNS)
    call.mount(None, "/", call.MS_REC_PRIVATE)


PARTS: dict[str, Callable[[], bool]] = {
    "root": lambda: os.getuid() == 0,
    "mounts": lambda: call.refusal_in_child(mounts) == "",
    "namespaces": lambda: probe(run_user()).tier.namespaces,
    "landlock": lambda: landlock.abi() > 0,
    "landlock-signals": lambda: landlock.abi() >= landlock.SIGNALS_ABI,
    "x86-64": lambda: os.uname().machine == "x86_64",
    "kernel-headers": lambda: all(path.exists() for path in HEADERS),
    "other-corpus": OTHER_CORPUS.is_dir,
}
"""What not every machine has. Tests that need what is missing (marker ``needs``) are left out, and
the head of the report says so; in CI they run, and fail."""


@functools.cache
def missing() -> tuple[str, ...]:
    if "CI" in os.environ:
        return ()
    return tuple(name for name, is_here in PARTS.items() if not is_here())


def pytest_report_header() -> str:
    return f"sandbox: left out is what needs: {', '.join(missing()) or 'nothing'}"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Keep out the module whose cases are read from a folder that is not there."""
    is_lost = collection_path.name == "test_other_corpus.py" and "other-corpus" in missing()
    return True if is_lost else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    lost = [item for item in items if not needed(item).isdisjoint(missing())]
    items[:] = [item for item in items if item not in lost]
    config.hook.pytest_deselected(items=lost)


def needed(item: pytest.Item) -> set[str]:
    return {str(name) for mark in item.iter_markers("needs") for name in mark.args}


@pytest.fixture(scope="session")
def pool() -> Iterator[SyncSandboxPool]:
    """One pool for all tests of the package; the host's environment holds a secret meanwhile."""
    os.environ["TRACEMILL_TEST_SECRET"] = PLANTED
    with SyncSandboxPool(workers=1) as opened:
        yield opened
    del os.environ["TRACEMILL_TEST_SECRET"]


def result_of(
    worker_id: str, status: Status = "ok", *, reason: str = "scripted", answer: int | None = None
) -> RunResult:
    """Return a result as a worker gives it."""
    facts = Facts(
        exit_code=0,
        signal=None,
        wall_seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_bytes=0,
        stdout_bytes=0,
        stderr_bytes=0,
        disk_bytes=0,
        kept_bytes=0,
        queue_seconds=0.0,
        attempts=1,
    )
    bound = Binding(line_number=1, name="answer", value=answer, value_hash="0" * 64)
    return RunResult(
        run_id="0" * 32,
        worker_id=worker_id,
        backend="fake",
        tier=TIER,
        status=status,
        reason=reason,
        facts=facts,
        claims=Claims(outputs={} if answer is None else {"answer": bound}),
    )


@dataclass(eq=False)
class FakeBackend:
    """A backend of scripted workers: what a request's code says is what happens to it.

    ok: an ok result. sleep N: one after N seconds. hang: none. stubborn: none, cancelled or not.
    die: the worker's process ends. die once: so, the first time only. fail: the worker says that it
    failed, and lives. odd: it raises what it must not. infra_error: it gives such a result. any
    other code is done as ``ok``; ``answer = 6 * 7`` is the pool's own probe.

    Attributes:
        starts: What the next starts raise; None: nothing.
        opens: What the next calls of ``open`` raise.
        tiers: Tiers of the next workers; the last one stays.
        deaf: Whether workers answer no ping.
        confused: Whether workers fail the pool's probe.
        health: What workers say of themselves.
        stop: Done in each worker's stop; returns what it could not end.
        shut: So, for the backend's own end.
        workers: All that were made.
        sessions: All that were begun.
        ran_when_closed: What had run when the last session was closed.
    """

    name: str = "fake"
    starts: deque[SandboxError | float | None] = field(default_factory=deque)
    opens: deque[SandboxError] = field(default_factory=deque)
    tiers: deque[str] = field(default_factory=lambda: deque([TIER]))
    deaf: bool = False
    confused: bool = False
    health: Health = field(default_factory=lambda: Health(descriptors=10, memory_bytes=1 << 20))
    stop: Callable[[FakeWorker], object] | None = None
    shut: Callable[[], object] | None = None
    workers: list[FakeWorker] = field(default_factory=list)
    opened: int = 0
    ran: list[str] = field(default_factory=list)
    batches: list[tuple[str, ...]] = field(default_factory=list)
    sessions: list[FakeSession] = field(default_factory=list)
    ran_when_closed: list[str] = field(default_factory=list)

    async def open(self) -> None:
        self.opened += 1
        if self.opens:
            raise self.opens.popleft()

    def worker(self, worker_id: str) -> FakeWorker:
        self.workers.append(FakeWorker(self, worker_id))
        return self.workers[-1]

    async def close(self, grace: float) -> tuple[StopFailure, ...]:
        return await _scripted(None if self.shut is None else self.shut())


class FakeWorker:
    def __init__(self, backend: FakeBackend, worker_id: str) -> None:
        self.backend, self.worker_id = backend, worker_id
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.said: Greeting | None = None
        self.pid: int | None = None
        self.killed = self.stopped = 0

    @property
    def greeting(self) -> Greeting:
        if self.said is None:
            raise WorkerLost("not started")
        return self.said

    async def start(self) -> Greeting:
        fate = self.backend.starts.popleft() if self.backend.starts else None
        if isinstance(fate, SandboxError):
            raise fate
        await asyncio.sleep(fate or 0)
        tiers = self.backend.tiers
        tier = tiers.popleft() if len(tiers) > 1 else tiers[0]
        self.said = Greeting(tier=tier, uid=7, python="3.11.0", libraries={"pandas": "3.0.0"})
        self.pid = 1000 + self.backend.workers.index(self)
        return self.said

    async def run(self, request: RunRequest) -> RunResult:
        return await self.play(request.code)

    async def play(self, code: str) -> RunResult:
        self.backend.ran.append(code)
        word, _, rest = code.partition(" ")
        if word == "sleep":
            await self.until_lost(float(rest))
        elif word in {"hang", "stubborn"}:
            await self.until_lost(60, stubborn=word == "stubborn")
        elif code == "die" or (code == "die once" and self.backend.ran.count(code) == 1):
            self.die()
            await self.until_lost(60)
        elif word == "fail":
            raise WorkerLost("broke the protocol")
        elif word == "odd":
            raise OSError(28, "No space left on device")
        elif word in {"infra_error", "killed"}:
            return result_of(self.worker_id, "killed" if word == "killed" else "infra_error")
        return result_of(self.worker_id, answer=41 if self.backend.confused else 42)

    async def until_lost(self, seconds: float, *, stubborn: bool = False) -> None:
        while True:
            try:
                await asyncio.wait({self.lost}, timeout=seconds)
            except asyncio.CancelledError:
                if not stubborn:
                    raise
            else:
                break
        if self.lost.done():
            raise WorkerLost(self.lost.result())

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        self.backend.batches.append(request.codes)
        found: list[RunResult] = []
        for code in request.codes:
            found.append(await self.play(code))
            if found[-1].status != "ok":
                break
        return tuple(found)

    async def open_session(self, request: SessionRequest) -> FakeSession:
        if "die" in request.files:
            self.die()
            await self.until_lost(60)
        self.backend.sessions.append(FakeSession(self))
        return self.backend.sessions[-1]

    async def ping(self) -> Health:
        if self.backend.deaf:
            await asyncio.sleep(60)
        return self.backend.health

    async def wait_lost(self) -> str:
        return await asyncio.shield(self.lost)

    def die(self, reason: str = "its process has ended") -> None:
        if not self.lost.done():
            self.lost.set_result(reason)

    def kill(self) -> None:
        self.killed += 1
        self.die("it was killed")

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        self.stopped += 1
        failures = await _scripted(None if self.backend.stop is None else self.backend.stop(self))
        self.die("it was stopped")
        self.pid = None
        return failures


class FakeSession:
    def __init__(self, worker: FakeWorker, cells: int = 0) -> None:
        self.worker, self.cells, self.closed = worker, cells, False

    async def run(self, code: str, outputs: tuple[str, ...] = ()) -> RunResult:
        if self.closed:
            raise SessionClosed("the fake was closed")
        result = await self.worker.play(code)
        self.cells += 1
        return replace(result, reason=f"cell {self.cells}")

    async def rollback(self, cells: int = 1) -> None:
        if cells > self.cells:
            raise RequestInvalid(f"rollback: wanted at most {self.cells}, got {cells}")
        self.cells -= cells

    async def branch(self) -> FakeSession:
        return FakeSession(self.worker, self.cells)

    async def close(self) -> None:
        self.closed = True
        self.worker.backend.ran_when_closed = list(self.worker.backend.ran)


async def _scripted(told: object) -> tuple[StopFailure, ...]:
    """Return the failures of a script, wait as long as it says, or raise its error."""
    if isinstance(told, BaseException):
        raise told
    if isinstance(told, float):
        await asyncio.sleep(told)
    return told if isinstance(told, tuple) else ()


async def _proven(worker: Worker) -> None:
    """Take a worker's word for it."""


QUICK = Upkeep(
    start_seconds=1.0,
    ping_every=60.0,
    answer_seconds=0.2,
    allowance_seconds=5.0,
    call_off_seconds=0.2,
    backoff=Backoff(first_seconds=0.001, most_seconds=0.01),
    most_start_failures=3,
    open_seconds=0.2,
)


@pytest.fixture
def fake() -> FakeBackend:
    """Return a backend of scripted workers."""
    return FakeBackend()


@pytest.fixture
def upkeep() -> Upkeep:
    """Return rules with bounds short enough for tests."""
    return QUICK


@pytest.fixture
def fake_pool(fake: FakeBackend) -> Callable[..., SandboxPool]:
    """Return what makes a pool of scripted workers; keywords as of ``SandboxPool``."""
    return partial(SandboxPool, backend=fake, upkeep=QUICK, prove=_proven, memory_bytes=1 << 40)


@pytest.fixture
def fake_sync_pool(fake: FakeBackend) -> Callable[..., SyncSandboxPool]:
    """Return what makes a blocking pool of scripted workers."""
    return partial(SyncSandboxPool, backend=fake, upkeep=QUICK, prove=_proven, memory_bytes=1 << 40)


@pytest.fixture
def play() -> Callable[[Coroutine[None, None, T]], T]:
    """Return what runs a scene on an event loop, for 20 s at most."""

    def run(scene: Coroutine[None, None, T]) -> T:
        return asyncio.run(asyncio.wait_for(scene, 20.0))

    return run
