"""One worker during its life in the pool: its state, its end, and how things are asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import NoReturn, TypeVar

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.event import EventLog, State
from tracemill_sandbox.report import leave_behind
from tracemill_sandbox.worker import Health, Worker
from tracemill_schema.errors import TracemillError

T = TypeVar("T")

_LAST_WORD_SECONDS = 0.1
"""Time that a lost worker's call has to end by itself: its own error says more than ours."""


class Member:
    """A worker with what the pool knows of it; made on the event loop that it lives on."""

    def __init__(self, worker: Worker, log: EventLog) -> None:
        loop = asyncio.get_running_loop()
        self.worker = worker
        self.state: State = "STARTING"
        self.born = loop.time()
        self.runs = 0
        self.first_health: Health | None = None
        self.gone: asyncio.Future[str] = loop.create_future()
        self.attention = asyncio.Event()
        """Set when its keeper is to look at it now: it is gone, or suspect."""
        self._log = log
        self._watch: asyncio.Task[str] | None = None
        self._asked: Callable[[], bool] | None = None
        log.enter(worker.worker_id, None, "STARTING", "made")

    def move(self, after: State, reason: str) -> None:
        """Go to another state."""
        self._log.enter(self.worker.worker_id, self.state, after, reason)
        self.state = after

    def watch(self) -> None:
        """Begin to wait for its end, so that it is noticed at once."""
        self._watch = asyncio.ensure_future(self.worker.wait_lost())
        self._watch.add_done_callback(self._ended)

    def unwatch(self) -> None:
        """Look at it no more."""
        if self._watch is not None:
            self._watch.remove_done_callback(self._ended)
            leave_behind(self._watch)

    def retire(self, reason: str) -> None:
        """Declare it gone without killing it; a second call does nothing."""
        if not self.gone.done():
            self.gone.set_result(reason)
            self.attention.set()

    def end(self, reason: str) -> None:
        """Declare it gone and kill it, if it was not; whatever it runs is lost."""
        if not self.gone.done():
            self.retire(reason)
            self.worker.kill()

    @property
    def occupied(self) -> bool:
        """Whether the last thing that was asked of it has not ended."""
        return self._asked is not None and not self._asked()

    def suspect(self, reason: str) -> None:
        """Let its keeper probe it."""
        self.move("SUSPECT", reason)
        self.attention.set()

    async def call(
        self,
        work: Coroutine[None, None, T],
        *,
        seconds: float,
        patience: float,
        fatal: bool = True,
    ) -> T:
        """Ask something of the worker, within the host's own deadline.

        Args:
            work: A call of the worker.
            seconds: Longest that it may take.
            patience: Seconds that the worker has to end the work if the caller gives it up.
            fatal: Whether a worker that takes longer is killed.

        Raises:
            WorkerLost: if it failed, is gone or did not answer, or raised what it must not.
            SandboxError: what else the work raised of this package's errors.
        """
        task = asyncio.ensure_future(work)
        self._asked = task.done
        try:
            await self._first_of(task, seconds)
            if self.gone.done():
                await asyncio.wait({task}, timeout=_LAST_WORD_SECONDS)
        except asyncio.CancelledError:
            await asyncio.shield(self._call_off(task, patience))
            raise
        return self._outcome(task) if task.done() else self._silent(task, seconds, fatal=fatal)

    async def _first_of(self, task: asyncio.Task[T], seconds: float) -> None:
        """Wait until the task has ended, the worker is gone, or the time is over."""
        both: set[asyncio.Future[T] | asyncio.Future[str]] = {task, self.gone}
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def _call_off(self, task: asyncio.Task[T], patience: float) -> None:
        """End work that its caller gave up; a worker that does not let go of it is killed."""
        task.cancel()
        await self._first_of(task, patience)
        if not task.done():
            leave_behind(task)
            self.end(f"did not give up its run within {patience:g} s")
        elif not task.cancelled() and isinstance(task.exception(), WorkerLost):
            self.end(f"was lost with a run that was given up: {task.exception()}")

    def _silent(self, task: asyncio.Task[T], seconds: float, *, fatal: bool) -> NoReturn:
        leave_behind(task)
        reason = f"did not answer within {seconds:g} s"
        if self.gone.done():
            reason = self.gone.result()
        elif fatal:
            self.end(reason)
        raise WorkerLost(self._lost(reason))

    def _outcome(self, task: asyncio.Task[T]) -> T:
        if task.cancelled():
            raise WorkerLost(self._lost("gave up by itself"))
        error = task.exception()
        if error is None:
            return task.result()
        if isinstance(error, TracemillError):
            raise error
        # A fault in a worker is the sandbox's own: it must not look like one of the program.
        raise WorkerLost(self._lost(f"{type(error).__name__}: {error}")) from error

    def _ended(self, watch: asyncio.Task[str]) -> None:
        if watch.cancelled():
            return
        error = watch.exception()
        self.end(watch.result() if error is None else f"{type(error).__name__}: {error}")

    def _lost(self, reason: str) -> str:
        return f"worker {self.worker.worker_id}: {reason}"
