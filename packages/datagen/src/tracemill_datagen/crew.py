"""Jobs shared out over processes; what comes back is in the order of the jobs.

Each process is started anew (``spawn``): nothing is inherited that a fork would tear. It leaves an
interrupt to the process that started it, and ends by itself when that one is gone.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from tracemill_datagen.errors import DatagenError
from tracemill_schema.errors import TracemillError
from tracemill_schema.jsonl import CannotWrite

J = TypeVar("J")
R = TypeVar("R")
Tell = Callable[[int], None]
"""Called by a job with the units that it has done so far."""

PATIENCE_SECONDS = 5.0
"""How long a process that was told to end may take before it is killed."""


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """A fault of a job, as it is handed back: exceptions with own fields cannot be pickled."""

    message: str
    is_disk: bool


@dataclass(frozen=True, kw_only=True)
class _Done(Generic[R]):
    result: R


class Worker:
    """One process with its pipe; ``job`` is the position of the job that it has, or None."""

    def __init__(self, act: Callable[[J, Tell], R]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.job: int | None = None
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, act), daemon=True)
        self._process.start()
        theirs.close()

    def end(self) -> None:
        """Stop the process and wait for it."""
        self.pipe.close()
        self._process.terminate()
        self._process.join(PATIENCE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    @property
    def exit_code(self) -> int | None:
        """How the process ended; minus the signal if one ended it."""
        self._process.join(PATIENCE_SECONDS)
        return self._process.exitcode


def each(
    act: Callable[[J, Tell], R],
    jobs: Sequence[J],
    *,
    processes: int,
    tell: Callable[[int, int], None] = lambda _job, _done: None,
) -> Iterator[R]:
    """Do every job and yield the results in the order of the jobs.

    Args:
        act: What to do with a job; a module's function, or a partial of one, if processes > 1.
        jobs: The jobs; they and their results can be pickled if processes > 1.
        processes: 1 does them here.
        tell: Called with (position of the job, units done so far) as the jobs tell it.

    Raises:
        TracemillError: what a job raises; in another process CannotWrite stays one, the others
            become a DatagenError with the same message, and so does a process that was killed.
    """
    if processes <= 1 or len(jobs) <= 1:
        for index, job in enumerate(jobs):
            yield act(job, lambda done, index=index: tell(index, done))  # type: ignore[misc]  # mypy cannot infer the default
        return
    with ExitStack() as stack:
        workers = [Worker(act) for _ in range(min(processes, len(jobs)))]
        for worker in workers:
            stack.callback(worker.end)
        yield from _shared_out(jobs, workers, tell)


def _shared_out(
    jobs: Sequence[J], workers: Sequence[Worker], tell: Callable[[int, int], None]
) -> Iterator[R]:
    waiting = iter(range(len(jobs)))
    results: dict[int, R] = {}
    by_pipe = {worker.pipe: worker for worker in workers}
    for worker in workers:
        _give(worker, jobs, waiting)
    for index in range(len(jobs)):
        while index not in results:
            busy = [worker.pipe for worker in workers if worker.job is not None]
            for pipe in wait(busy):
                _take(by_pipe[pipe], jobs, waiting, results, tell)  # type: ignore[index]  # wait is typed for sockets too
        yield results.pop(index)


def _give(worker: Worker, jobs: Sequence[J], waiting: Iterator[int]) -> None:
    worker.job = next(waiting, None)
    if worker.job is not None:
        worker.pipe.send(jobs[worker.job])


def _take(
    worker: Worker,
    jobs: Sequence[J],
    waiting: Iterator[int],
    results: dict[int, R],
    tell: Callable[[int, int], None],
) -> None:
    """Take one message of a process: units done, a fault, or a result."""
    index = worker.job
    if index is None:
        raise DatagenError("a process that has no job sent a message; report this as a fault")
    try:
        said = worker.pipe.recv()
    except (EOFError, ConnectionResetError) as error:
        raise DatagenError(
            f"a process ended in the middle of its job (exit code {worker.exit_code}): wanted its "
            "result; it may have had too little memory: run the same command again, what is "
            "finished stands, or take fewer --processes"
        ) from error
    if isinstance(said, int):
        tell(index, said)
    elif isinstance(said, _Fault):
        raise CannotWrite(said.message) if said.is_disk else DatagenError(said.message)
    elif isinstance(said, _Done):
        results[index] = said.result
        _give(worker, jobs, waiting)


def _work(pipe: Connection, act: Callable[[J, Tell], R]) -> None:
    """Do jobs until the pipe's other end is gone; the life of one process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            job = pipe.recv()
            try:
                pipe.send(_Done(result=act(job, pipe.send)))
            except TracemillError as error:
                pipe.send(_Fault(message=str(error), is_disk=isinstance(error, CannotWrite)))
    except (EOFError, ConnectionError):
        return
