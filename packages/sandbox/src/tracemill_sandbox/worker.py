"""What the pool asks of a worker and of a backend, whatever they are made of.

A worker carries one thing at a time: a run, a batch or a session. It never decides whether to try
again, never queues and never starts itself: the pool does. All methods are called from one event
loop. A worker that failed raises ``WorkerLost``; it is of no more use then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult

LIBRARIES = ("numpy", "pandas", "scipy")
"""Loaded beforehand where they are installed, so that a run need not load them. Of scipy that is
what ``import scipy`` loads; its parts come when they are used, or are named here too."""


@dataclass(frozen=True, kw_only=True)
class Greeting:
    """What a worker says once it is ready.

    Attributes:
        tier: Isolation that holds for its runs, for instance ``namespaces-landlock-seccomp``.
        uid: User that runs have, as the host counts.
        python: Version of the interpreter that runs use.
        libraries: Name -> version of what is loaded beforehand.
        reasons: Why the tier is not better; empty if nothing is missing.
        remedies: What a person can do about each of them.
    """

    tier: str
    uid: int
    python: str
    libraries: dict[str, str]
    reasons: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Health:
    """What a worker says of itself when it is asked.

    Attributes:
        descriptors: Open descriptors of its server.
        memory_bytes: Private memory of its server.
    """

    descriptors: int
    memory_bytes: int


@dataclass(frozen=True, kw_only=True)
class StopFailure:
    """One thing that could not be ended or removed.

    Attributes:
        subject: Id of the worker or container, or what else it was.
        phase: ``drain``, ``stop``, ``kill``, ``remove`` or ``verify``.
        error: Type name of what was raised; ``Remains`` where something simply did not go away.
        text: What it said.
    """

    subject: str
    phase: str
    error: str
    text: str


class WorkerSession(Protocol):
    """Cells that share state; each runs in a fork of the one before."""

    async def run(self, code: str, outputs: tuple[str, ...] = ()) -> RunResult:
        """Run one cell on the newest state; the state moves on unless the cell's process died.

        Raises:
            WorkerLost: if the worker, not the cell, failed.
            SessionClosed: if the session has ended.
        """
        ...

    async def rollback(self, cells: int = 1) -> None:
        """Take back the last ``cells`` cells that moved the state.

        Raises:
            RequestInvalid: if there are not so many.
            SessionClosed: if the session has ended.
        """
        ...

    async def branch(self) -> WorkerSession:
        """Return a second session that begins at this one's newest state; both go on apart."""
        ...

    async def close(self) -> None:
        """End it with all its states; a second call does nothing.

        The one that the worker opened ends with all its branches, and then the worker is free.
        """
        ...


class Worker(Protocol):
    """A place where one thing runs at a time."""

    @property
    def worker_id(self) -> str:
        """Return its id, unique in the pool."""
        ...

    @property
    def greeting(self) -> Greeting:
        """Return what it said at its start.

        Raises:
            WorkerLost: if it has not started.
        """
        ...

    @property
    def pid(self) -> int | None:
        """Return its process id on this machine; None where it has none, or has ended."""
        ...

    async def start(self) -> Greeting:
        """Start it and wait until it can run programs.

        Raises:
            SandboxUnavailable: if this machine can not give what is asked for; no use to try again.
            WorkerLost: if it did not start this time.
        """
        ...

    async def run(self, request: RunRequest) -> RunResult:
        """Run one program in a fresh process.

        A cancelled call kills the program, and ends once it is gone.

        Raises:
            WorkerLost: if the worker, not the program, failed.
        """
        ...

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        """Run snippets one after the other in one process, as far as they let it live.

        Returns:
            Results of the first snippets, at least one; fewer than all if one of them took the
            process with it, which the last result then tells.

        Raises:
            WorkerLost: as ``run``.
        """
        ...

    async def open_session(self, request: SessionRequest) -> WorkerSession:
        """Begin a session; the worker is taken until it is closed.

        Raises:
            WorkerLost: as ``run``.
        """
        ...

    async def ping(self) -> Health:
        """Ask an idle worker how it is.

        Raises:
            WorkerLost: if it does not answer within its deadline.
        """
        ...

    async def wait_lost(self) -> str:
        """Wait until the worker's process has ended by itself; return the reason in words."""
        ...

    def kill(self) -> None:
        """End it and everything that it runs, at once, without waiting; never raises."""
        ...

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        """Ask it to end, wait, kill it, remove its things, look whether they went.

        Args:
            grace: Seconds that it has to end by itself.

        Never raises, never longer than ``grace`` + 1 s; a second call does nothing more.
        """
        ...


class Backend(Protocol):
    """Makes workers of one kind, and owns what they share."""

    @property
    def name(self) -> str:
        """Return what stands in every result."""
        ...

    async def open(self) -> None:
        """Make ready what the workers share.

        Raises:
            SandboxUnavailable: if this machine can not have this backend, with reasons, remedies.
            WorkerLost: if it did not start this time.
        """
        ...

    def worker(self, worker_id: str) -> Worker:
        """Return a new worker, not started."""
        ...

    async def close(self, grace: float) -> tuple[StopFailure, ...]:
        """End what the workers share; the workers were stopped before. As ``Worker.stop``."""
        ...
