"""The flow of the sandbox: requests go to workers, results come back in order.

    request -> an idle worker -> fork server -> warden -> confined process -> capture -> verdict

A worker that is lost is replaced and its run is tried once more on another; a second loss is
``infra_error``, never a verdict on the program.
"""

from __future__ import annotations

import queue
import secrets
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tracemill_sandbox import folder as run_folder
from tracemill_sandbox.errors import PoolSaturated, PoolStopped, SandboxUnavailable, WorkerLost
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.result import Claims, Facts, RunResult, Status
from tracemill_sandbox.tier import Offer, run_user
from tracemill_sandbox.worker import BACKEND, LIBRARIES, Worker
from tracemill_schema.episode import SandboxIdentity

MOST_WAITING = 1_024
_ATTEMPTS = 2
_RETRY_AFTER_SECONDS = 1.0
_GIVE_BACK_SECONDS = 1.0
"""Time that a run has, once its worker was killed, to notice and to say so to its caller."""


@dataclass(frozen=True, kw_only=True)
class StopReport:
    """What stopping the pool did.

    Attributes:
        stopped: Ids of the workers that were stopped, in order.
        failures: One sentence per thing that could not be ended or removed; empty if all went.
    """

    stopped: tuple[str, ...]
    failures: tuple[str, ...]


class SandboxPool:
    """Workers that run untrusted Python, one fresh process per run. May be shared by threads.

    >>> with SandboxPool(workers=1) as pool:
    ...     result = pool.run(RunRequest(code="x = 1 + 1", outputs=("x",)))
    ...     result.output("x")
    2

    Args:
        workers: Runs at the same time; each costs about 130 MB with pandas loaded.
        require: Parts of the tier that must hold, of ``namespaces``, ``landlock``, ``seccomp``.
        most_waiting: Runs that may wait for a worker at the same time.
        libraries: What the workers load beforehand, where it is installed; others are loaded by
            the runs that import them.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        require: tuple[str, ...] = (),
        most_waiting: int = MOST_WAITING,
        libraries: tuple[str, ...] = LIBRARIES,
    ) -> None:
        self._size, self._require, self._most_waiting = workers, require, most_waiting
        self._libraries = libraries
        self._lock = threading.Lock()
        self._idle: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._workers: list[Worker] = []
        self._root: Path | None = None
        self._offer: Offer | None = None
        self._made = self._waiting = 0
        self._report: StopReport | None = None
        self._stopping = False

    def __enter__(self) -> Self:
        """Start the workers; see ``start``."""
        self.start()
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
        """Start all workers and wait until they are ready; a second call does nothing.

        Raises:
            SandboxUnavailable: if no worker starts here, or not with what ``require`` asks.
            PoolStopped: if the pool was stopped before.
        """
        with self._lock:
            if self._stopping:
                raise PoolStopped
            if self._root is not None:
                return
            self._root = Path(tempfile.mkdtemp(prefix="tracemill-sandbox-"))
            self._root.chmod(0o711)  # runs pass through it to their own folder, and see no other
            self._workers = [self._new_worker() for _ in range(self._size)]
        try:
            for worker in self._workers:
                worker.launch()
            for worker in self._workers:
                self._admit(worker)
        except (WorkerLost, SandboxUnavailable) as error:
            self.stop(grace=0.0)
            raise _unavailable(error) from error

    def run(self, request: RunRequest) -> RunResult:
        """Run one program and wait for its result; starts the pool if that was not done.

        Raises:
            PoolStopped: if the pool is stopped.
            PoolSaturated: if too many runs wait already.
            SandboxUnavailable: see ``start``.
        """
        self.start()
        asked = time.monotonic()
        lost = ""
        for attempt in range(1, _ATTEMPTS + 1):
            worker = self._take()
            waited = time.monotonic() - asked
            try:
                result = worker.run(request, queue_seconds=waited, attempts=attempt)
            except WorkerLost as error:
                lost = str(error)
                if self._stopping:
                    self._idle.put(worker)
                    return _without_run("cancelled", "the pool was stopped", waited, attempt)
                self._replace(worker)
            else:
                self._idle.put(worker)
                return result
        return _without_run("infra_error", lost, time.monotonic() - asked, _ATTEMPTS)

    def run_many(self, requests: Iterable[RunRequest]) -> Iterator[RunResult]:
        """Run programs on all workers; results come in the order of the requests.

        Takes no more requests ahead than it can run soon, so ``requests`` may be endless.
        """
        pending: deque[Future[RunResult]] = deque()
        with ThreadPoolExecutor(max_workers=self._size) as threads:
            for request in requests:
                pending.append(threads.submit(self.run, request))
                if len(pending) >= 2 * self._size:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()

    def identity(self) -> SandboxIdentity:
        """Return backend, tier, Python and libraries that every run of this pool sees."""
        self.start()
        greeting = self._workers[0].greeting
        return SandboxIdentity(
            backend=BACKEND,
            tier=greeting.offer.tier.name,
            python=greeting.python,
            libraries=greeting.libraries,
        )

    def offer(self) -> Offer:
        """Return which tier holds, as which user runs go, and why it is not better."""
        self.start()
        return self._workers[0].greeting.offer

    def worker_pids(self) -> tuple[int, ...]:
        """Return the process ids of the fork servers that live, for those who watch the machine."""
        return tuple(worker.pid for worker in self._workers if worker.pid is not None)

    def stop(self, grace: float = 2.0) -> StopReport:
        """Let running programs end for ``grace`` seconds, then end them, the workers and all else.

        Idempotent: a second call returns the first one's report. Never raises; what could not be
        ended or removed stands in the report.
        """
        with self._lock:
            if self._report is not None:
                return self._report
            self._stopping = True
            deadline = time.monotonic() + grace
            busy = self._collect(deadline, self._workers)
            for worker in busy:
                worker.kill()
            self._collect(time.monotonic() + _GIVE_BACK_SECONDS, busy)
            failures = [
                worker.stop(grace=max(0.1, deadline - time.monotonic())) for worker in self._workers
            ]
            failures.append(self._remove_root())
            self._report = StopReport(
                stopped=tuple(worker.worker_id for worker in self._workers),
                failures=tuple(failure for failure in failures if failure),
            )
            for _ in range(self._waiting + self._size):
                self._idle.put(None)  # whoever waits for a worker learns that there is none
            return self._report

    def _collect(self, deadline: float, workers: list[Worker]) -> list[Worker]:
        """Wait for workers to be given back; returns those that were not."""
        busy = list(workers)
        while busy:
            try:
                worker = self._idle.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return busy
            if worker in busy:
                busy.remove(worker)
        return []

    def _remove_root(self) -> str | None:
        if self._root is None:
            return None
        try:
            run_folder.remove(self._root)
        except OSError as error:
            return f"folder {self._root} stays: {error}"
        return None

    def _new_worker(self) -> Worker:
        assert self._root is not None  # noqa: S101 - start() makes it first
        worker_id = f"w{self._made}-{secrets.token_hex(4)}"
        self._made += 1
        return Worker(
            worker_id=worker_id,
            folder=self._root / worker_id,
            uid=run_user(),
            libraries=self._libraries,
        )

    def _admit(self, worker: Worker) -> None:
        offer = worker.await_ready().offer
        missing = [part for part in self._require if not getattr(offer.tier, part, False)]
        if missing:
            raise SandboxUnavailable(
                reasons=(f"required: {', '.join(missing)}", *offer.reasons),
                remedies=offer.remedies or ("ask for less in require=",),
            )
        self._idle.put(worker)

    def _take(self) -> Worker:
        with self._lock:
            if self._stopping:
                raise PoolStopped
            if self._waiting >= self._most_waiting:
                raise PoolSaturated(
                    waiting=self._waiting,
                    limit=self._most_waiting,
                    retry_after=_RETRY_AFTER_SECONDS,
                )
            self._waiting += 1
        try:
            worker = self._idle.get()
        finally:
            with self._lock:
                self._waiting -= 1
        if worker is None:
            raise PoolStopped
        return worker

    def _replace(self, lost: Worker) -> None:
        """Put a new worker in the place of a lost one."""
        lost.stop(grace=0.0)
        with self._lock:
            if self._stopping:
                return
            worker = self._new_worker()
            self._workers[self._workers.index(lost)] = worker
        try:
            worker.launch()
            self._admit(worker)
        except WorkerLost as error:
            raise _unavailable(error) from error


def _unavailable(error: WorkerLost | SandboxUnavailable) -> SandboxUnavailable:
    if isinstance(error, SandboxUnavailable):
        return error
    return SandboxUnavailable(
        reasons=(str(error),),
        remedies=("run: tracemill sandbox doctor",),
    )


def _without_run(status: Status, reason: str, waited: float, attempts: int) -> RunResult:
    """Return the result of a run that no worker could carry out."""
    nothing = Facts(
        exit_code=None,
        signal=None,
        wall_seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_bytes=0,
        stdout_bytes=0,
        stderr_bytes=0,
        disk_bytes=0,
        queue_seconds=waited,
        attempts=attempts,
    )
    return RunResult(
        run_id=secrets.token_hex(16),
        worker_id="",
        backend=BACKEND,
        tier="none",
        status=status,
        reason=reason,
        facts=nothing,
        claims=Claims(),
    )
