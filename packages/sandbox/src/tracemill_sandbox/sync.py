"""The pool for callers that block: an event loop in a thread of its own, the same words.

Threads may share one pool. A caller that is interrupted while it waits (Ctrl-C) ends its run, and a
program that ends without ``stop`` has its workers ended on the way out. In a forked child, which
has neither the thread nor workers of its own, a pool that was started counts as stopped.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from types import TracebackType
from typing import ParamSpec, Self, TypeVar, Unpack

from tracemill_sandbox.dispatch.session import PoolSession
from tracemill_sandbox.errors import PoolStopped
from tracemill_sandbox.event import Event
from tracemill_sandbox.metrics import Metrics
from tracemill_sandbox.pool import GRACE_SECONDS, PER_FORK, PoolOptions, SandboxPool
from tracemill_sandbox.report import StopReport, leave_behind, log_failure, patience
from tracemill_sandbox.request import Limits, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, StopFailure
from tracemill_schema.episode import SandboxIdentity

P = ParamSpec("P")
T = TypeVar("T")

_STOP_SECONDS = 1.9
"""Beyond the grace: a little less than the pool promises, as the loop's end comes after it."""

_END_SECONDS = 0.1
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
        self._lock, self._stop_lock = threading.Lock(), threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._report: StopReport | None = None
        self._process = 0  # in which the thread is; none before it begins

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
        pending: deque[Future[RunResult]] = deque()
        try:
            for request in requests:
                pending.append(self._submit(self._pool.run(request)))
                if len(pending) >= _AHEAD * self._size:
                    yield _result(pending.popleft())
            while pending:
                yield _result(pending.popleft())
        finally:
            for future in pending:
                future.cancel()

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
        whole = self._pool.session(request)
        inner = self.wait(whole.__aenter__())
        try:
            yield SyncSession(self, inner)
        finally:
            with contextlib.suppress(PoolStopped):  # the session ended with the pool
                self.wait(whole.__aexit__(None, None, None))

    def stop(self, grace: float = GRACE_SECONDS) -> StopReport:
        """Let running programs end for ``grace`` seconds, then end them, the workers and all else.

        Never raises, never takes longer than ``grace`` + 2 s; a second call returns the first
        one's report.
        """
        if self._is_elsewhere():
            return StopReport(stopped=(), failures=(), seconds=0.0)
        with self._stop_lock:
            if self._report is None:
                self._report = self._stopped(patience(grace))
                self._end_loop()
            return self._report

    def _stopped(self, grace: float) -> StopReport:
        stopping = self._submit(self._pool.stop(grace))
        try:
            return stopping.result(grace + _STOP_SECONDS)
        except TimeoutError:
            report = _stuck(grace)
            for failure in report.failures:
                log_failure(failure)
            return report

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
        return _result(self._submit(work))

    def _is_elsewhere(self) -> bool:
        """Tell whether the pool is that of another process, of which this one is a fork."""
        return self._process not in (0, os.getpid())

    def _submit(self, work: Coroutine[None, None, T]) -> Future[T]:
        if self._is_elsewhere():  # and the lock may be held by a thread that is not here
            work.close()
            raise PoolStopped
        with self._lock:
            if self._report is not None:
                work.close()
                raise PoolStopped
            if self._loop is None:
                self._loop = self._begin_loop()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _begin_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        loop.set_default_executor(_LastingThreads())
        self._thread = threading.Thread(
            target=_serve, args=(loop,), name="tracemill-sandbox", daemon=True
        )
        self._thread.start()
        self._process = os.getpid()
        atexit.register(self.stop, 0.0)  # before the interpreter ends; the thread still serves then
        return loop

    def _end_loop(self) -> None:
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        atexit.unregister(self.stop)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(_END_SECONDS)


class _LastingThreads(ThreadPoolExecutor):
    """Threads for blocking calls, that serve on while the interpreter ends.

    The interpreter closes all pools of threads before it calls what ``atexit`` has; what ``stop``
    asks for then (folders to remove) is done in place.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` in a thread, or at once where no thread can be had any more."""
        try:
            return super().submit(fn, *args, **kwargs)
        except RuntimeError:
            done: Future[T] = Future()
            done.set_result(fn(*args, **kwargs))
            return done


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


def _result(future: Future[T]) -> T:
    try:
        return future.result()
    except CancelledError:
        raise PoolStopped from None  # nobody else calls it off
    except BaseException:
        future.cancel()  # the caller was interrupted: what it asked for ends with it
        raise


def _stuck(grace: float) -> StopReport:
    """Return what is to be said of a loop that is held up, and so could stop nothing."""
    seconds = grace + _STOP_SECONDS
    failure = StopFailure(
        subject="pool",
        phase="stop",
        error="TimeoutError",
        text=f"its event loop did not answer within {seconds:g} s",
    )
    return StopReport(stopped=(), failures=(failure,), seconds=seconds)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.run_until_complete(_finish())
    loop.close()


async def _finish() -> None:
    """Let calls that are on their way back arrive, and call off what hangs."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        _, hanging = await asyncio.wait(others, timeout=_END_SECONDS)
        for task in hanging:
            leave_behind(task)
        await asyncio.sleep(0)
