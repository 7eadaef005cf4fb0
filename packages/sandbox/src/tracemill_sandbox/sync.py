"""The pool for callers that block: an event loop in a thread of its own, the same words.

Threads may share one pool. A caller that is interrupted while it waits (Ctrl-C) ends its run, and a
program that ends without ``stop`` has its workers ended on the way out. A signal's handler may use
the pool whose caller it interrupts, and stop it. In a forked child, which has neither the thread
nor workers of its own, a pool that was started counts as stopped.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar, Unpack

from tracemill_sandbox.dispatch.session import PoolSession
from tracemill_sandbox.errors import PoolStopped
from tracemill_sandbox.event import Event
from tracemill_sandbox.loop import Call, LoopThread
from tracemill_sandbox.metrics import Metrics
from tracemill_sandbox.pool import GRACE_SECONDS, PER_FORK, PoolOptions, SandboxPool
from tracemill_sandbox.report import StopReport, log_failure, patience
from tracemill_sandbox.request import Limits, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, StopFailure
from tracemill_schema.episode import SandboxIdentity

T = TypeVar("T")

_STOP_SECONDS = 1.9
"""Beyond the grace: a little less than the pool promises, as the loop's end comes after it."""

_AHEAD = 2
"""Requests that ``run_many`` has taken for each worker: one runs, one waits to run."""


class SyncSandboxPool:
    """Workers that run untrusted Python, one fresh process per run. May be shared by threads.

    >>> with SyncSandboxPool(workers=1) as pool:
    ...     result = pool.run(RunRequest(code="x = 1 + 1", outputs=("x",)))
    ...     result.output("x")
    2

    The keywords, methods and errors are those of ``SandboxPool``.
    """

    def __init__(self, **options: Unpack[PoolOptions]) -> None:
        self._pool = SandboxPool(**options)
        self._size = options.get("workers", 1)
        self._stop_lock = threading.RLock()
        self._loops: list[LoopThread] = []
        self._report: StopReport | None = None

    def __enter__(self) -> Self:
        """Start the workers; see ``start``."""
        try:
            self.start()
        except BaseException:  # an interrupted start must not leave workers behind either
            self.stop(grace=0.0)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the workers."""
        self.stop()

    def start(self) -> None:
        """Start all workers and wait until they are ready; a second call does nothing."""
        self.wait(self._pool.start())

    def run(self, request: RunRequest) -> RunResult:
        """Run one program and wait for its result; starts the pool if that was not done."""
        return self.wait(self._pool.run(request))

    def run_many(self, requests: Iterable[RunRequest]) -> Iterator[RunResult]:
        """Run programs on all workers; results come in the order of the requests.

        Takes no more requests ahead than it can run soon, so ``requests`` may be endless.
        """
        pending: deque[Call[RunResult]] = deque()
        try:
            for request in requests:
                pending.append(Call())
                self._submit(self._pool.run(request), pending[-1])
                if len(pending) >= _AHEAD * self._size:
                    yield pending[0].result()
                    pending.popleft()
            while pending:
                yield pending[0].result()
                pending.popleft()
        finally:
            for call in pending:
                call.give_up()

    def submit_many(
        self,
        codes: Sequence[str],
        *,
        files: Mapping[str, bytes] | None = None,
        limits: Limits | None = None,
        outputs: tuple[str, ...] = (),
        subprocess: bool = True,
        per_fork: int = PER_FORK,
    ) -> tuple[RunResult, ...]:
        """Run snippets, up to ``per_fork`` of them one after the other in one process."""
        return self.wait(
            self._pool.submit_many(
                codes,
                files=files,
                limits=limits,
                outputs=outputs,
                subprocess=subprocess,
                per_fork=per_fork,
            )
        )

    @contextlib.contextmanager
    def session(self, request: SessionRequest) -> Iterator[SyncSession]:
        """Begin a stateful episode, which has a worker until it is closed."""
        held = contextlib.AsyncExitStack()
        try:
            opening = held.enter_async_context(self._pool.session(request))
            yield SyncSession(self, self.wait(opening))
        finally:
            with contextlib.suppress(PoolStopped):  # the session ended with the pool
                self.wait(held.aclose())

    def stop(self, grace: float = GRACE_SECONDS) -> StopReport:
        """Let running programs end for ``grace`` seconds, then end them, the workers and all else.

        Never raises, never takes longer than ``grace`` + 2 s; a second call returns the first
        one's report.
        """
        if self._is_elsewhere():
            return StopReport(stopped=(), failures=(), seconds=0.0)
        if self._loops and self._loops[0].is_this:
            return self._stop_from_within(patience(grace))
        with self._stop_lock:  # whoever interrupts this thread's own call comes in as well
            if self._report is None:
                report = self._stopped(patience(grace))
                self._report = self._report or report
                self._loop().end()
                atexit.unregister(self.stop)
            return self._report

    def _stopped(self, grace: float) -> StopReport:
        call: Call[StopReport] = Call()
        try:
            self._submit(self._pool.stop(grace), call)
            return call.result(grace + _STOP_SECONDS)
        except (PoolStopped, TimeoutError):
            # Either a handler that interrupted this has stopped it, or the loop is held up.
            return self._report or _failed(
                grace + _STOP_SECONDS,
                TimeoutError(f"its event loop did not answer within {grace + _STOP_SECONDS:g} s"),
            )

    def _stop_from_within(self, grace: float) -> StopReport:
        """Begin to stop; for a finalizer that the loop's own thread came upon, and can not wait."""
        if self._report is None:
            self._submit(self._pool.stop(grace), Call())
            text = "it was asked for in its own event loop, which can not wait for the end"
            return _failed(0.0, RuntimeError(text))
        return self._report

    def identity(self) -> SandboxIdentity:
        """Return backend, tier, Python and libraries that every run of this pool sees."""
        return self.wait(self._pool.identity())

    def offer(self) -> Greeting:
        """Return which tier holds, as which user runs go, and why it is not better."""
        return self.wait(self._pool.offer())

    def metrics(self) -> Metrics:
        """Return the counters since the pool was made."""
        return self._pool.metrics()

    def events(self) -> tuple[Event, ...]:
        """Return the newest transitions of workers, oldest first."""
        return self._pool.events()

    def worker_pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers that live, for those who watch the machine."""
        return self._pool.worker_pids()

    def wait(self, work: Coroutine[None, None, T]) -> T:
        """Carry work of the pool out on its event loop; for the parts of this module."""
        call: Call[T] = Call()
        try:
            self._submit(work, call)
            return call.result()
        except BaseException:
            call.give_up()  # if the caller was interrupted, what it asked for ends with it
            raise

    def _is_elsewhere(self) -> bool:
        """Tell whether the pool is that of another process, of which this one is a fork."""
        return bool(self._loops) and self._loops[0].process != os.getpid()

    def _submit(self, work: Coroutine[None, None, T], call: Call[T]) -> None:
        if self._report is not None or self._is_elsewhere():
            work.close()
            raise PoolStopped
        self._loop().submit(work, call)

    def _loop(self) -> LoopThread:
        """Return the pool's event loop, which whoever comes first begins.

        There is no lock: a caller may be interrupted by another in the same thread. Of several that
        begin at once the first in the list is taken.
        """
        if not self._loops:
            atexit.register(self.stop, 0.0)  # before the interpreter ends; the thread still serves
            mine = LoopThread()
            self._loops.append(mine)
            if self._loops[0] is not mine:
                mine.end()
        return self._loops[0]


class SyncSession:
    """A session for callers that block; see ``PoolSession``."""

    def __init__(self, pool: SyncSandboxPool, inner: PoolSession) -> None:
        self._pool, self._inner = pool, inner

    def run(self, code: str, outputs: tuple[str, ...] = ()) -> RunResult:
        """Run one cell on the newest state; the state moves on unless the cell's process died."""
        return self._pool.wait(self._inner.run(code, outputs))

    def rollback(self, cells: int = 1) -> None:
        """Take back the last ``cells`` cells that moved the state."""
        self._pool.wait(self._inner.rollback(cells))

    def branch(self) -> SyncSession:
        """Return a second session that begins at this one's newest state; both go on apart."""
        return SyncSession(self._pool, self._pool.wait(self._inner.branch()))

    def close(self) -> None:
        """End this branch, or the session with all its branches; a second call does nothing."""
        self._pool.wait(self._inner.close())


def _failed(seconds: float, error: Exception) -> StopReport:
    """Return what is to be said of a pool whose end could not be waited for; it is logged."""
    failure = StopFailure(subject="pool", phase="stop", error=type(error).__name__, text=str(error))
    log_failure(failure)
    return StopReport(stopped=(), failures=(failure,), seconds=seconds)
