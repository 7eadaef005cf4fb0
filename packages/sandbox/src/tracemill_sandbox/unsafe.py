"""The backend ``unsafe``: no isolation at all, for machines where nothing better is to be had.

It is never chosen for anybody: the caller spells it out. A program can read and write whatever the
user can, reach the network and leave processes behind. Every result says ``tier="none"``.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import secrets
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tracemill_sandbox.cold.process import ColdProcess
from tracemill_sandbox.embedded import verdict
from tracemill_sandbox.errors import RequestInvalid, SandboxUnavailable, WorkerLost
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.inside.frame import NONCE_BYTES
from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.log import say
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, Health, StopFailure, WorkerSession

NAME = "unsafe"
TIER = "none"
_TICK_SECONDS = 0.01
_WARNING = (
    "the backend unsafe isolates nothing: programs can do whatever this user can "
    "(%s); use it only for programs that you wrote or read yourself"
)


class UnsafeBackend:
    """Makes workers that start a cold interpreter for each program.

    Args:
        libraries: Taken and not used, as nothing is loaded beforehand.
        avoid: Taken and not used, as nothing holds.
        spares: Taken and not used, as nothing is started beforehand.
    """

    def __init__(
        self, *, libraries: tuple[str, ...] = (), avoid: tuple[str, ...] = (), spares: int = 0
    ) -> None:
        del libraries, avoid, spares
        self._root: Path | None = None

    @property
    def name(self) -> str:
        """Return ``unsafe``."""
        return NAME

    async def open(self) -> None:
        """Make the folder of the runs, and warn once.

        Raises:
            SandboxUnavailable: if this is no POSIX system.
        """
        if os.name != "posix":
            raise SandboxUnavailable(
                reasons=(f"the backend unsafe needs a POSIX system, this is {os.name}",),
                remedies=('use backend="oci"',),
            )
        if self._root is not None:
            return
        self._root = Path(tempfile.mkdtemp(prefix="tracemill-unsafe-"))
        say(logging.WARNING, _WARNING, f"user {os.getuid()}")

    def worker(self, worker_id: str) -> UnsafeWorker:
        """Return a new worker, not started."""
        assert self._root is not None  # noqa: S101 - open() comes first
        return UnsafeWorker(worker_id, self._root / worker_id)

    async def close(self, grace: float) -> tuple[StopFailure, ...]:
        """Remove the folder; ``grace`` is not needed for that."""
        del grace
        root, self._root = self._root, None
        return () if root is None else _remove(root, NAME)


class UnsafeWorker:
    """Starts one cold interpreter at a time; there is no process between two runs."""

    def __init__(self, worker_id: str, folder: Path) -> None:
        self._worker_id, self._folder = worker_id, folder
        self._greeting: Greeting | None = None
        self._running: ColdProcess | None = None
        self._lost = asyncio.Event()

    @property
    def worker_id(self) -> str:
        """Return its id."""
        return self._worker_id

    @property
    def greeting(self) -> Greeting:
        """Return what it said at its start."""
        if self._greeting is None:
            raise WorkerLost(f"worker {self._worker_id} has not started")
        return self._greeting

    @property
    def pid(self) -> int | None:
        """Return None: between two runs it has no process."""
        return None

    async def start(self) -> Greeting:
        """Make its folder."""
        try:
            self._folder.mkdir(mode=0o700)
        except OSError as error:
            raise WorkerLost(f"worker {self._worker_id}: {error}") from error
        self._greeting = Greeting(
            tier=TIER,
            uid=os.getuid(),
            python=platform.python_version(),
            libraries={},
            reasons=("the backend unsafe isolates nothing",),
            remedies=('use backend="embedded", or backend="oci" where that is not available',),
        )
        return self._greeting

    async def run(self, request: RunRequest) -> RunResult:
        """Run one program in a new interpreter."""
        folder = self._lay_out(request.files)
        try:
            return await self._run_in(folder, request)
        finally:
            _remove(folder, self._worker_id)

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        """Run each snippet in a new interpreter, all of them in the same folder."""
        folder = self._lay_out(request.files)
        try:
            return tuple(
                [
                    await self._run_in(
                        folder,
                        RunRequest(code=code, limits=request.limits, outputs=request.outputs),
                    )
                    for code in request.codes
                ]
            )
        finally:
            _remove(folder, self._worker_id)

    async def open_session(self, request: SessionRequest) -> WorkerSession:
        """Refuse: a session lives in forks, which not every system allows.

        Raises:
            RequestInvalid: always.
        """
        del request
        raise RequestInvalid(
            'session: the backend unsafe has none; use backend="embedded" or backend="oci"'
        )

    async def ping(self) -> Health:
        """Return zeros, as there is no process between two runs."""
        if self._greeting is None or self._lost.is_set():
            raise WorkerLost(f"worker {self._worker_id} is stopped")
        return Health(descriptors=0, memory_bytes=0)

    async def wait_lost(self) -> str:
        """Wait until it was killed; it has no process that could end by itself."""
        await self._lost.wait()
        return "it was killed"

    def kill(self) -> None:
        """End the running program; the worker is of no more use."""
        self._lost.set()
        if self._running is not None:
            self._running.kill()

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        """Wait for the running program, kill it, remove the folder."""
        deadline = time.monotonic() + grace
        while self._running is not None and time.monotonic() < deadline:
            await asyncio.sleep(_TICK_SECONDS)
        self.kill()
        while self._running is not None and time.monotonic() < deadline + 1.0:
            await asyncio.sleep(_TICK_SECONDS)
        failures = []
        if self._running is not None:
            text = f"process {self._running.pid} does not end"
            failures.append(
                StopFailure(subject=self._worker_id, phase="kill", error="Remains", text=text)
            )
        return (*failures, *_remove(self._folder, self._worker_id))

    def _lay_out(self, files: Mapping[str, bytes]) -> Path:
        if self._lost.is_set():
            raise WorkerLost(f"worker {self._worker_id} is stopped")
        folder = self._folder / secrets.token_hex(16)
        try:
            folder.mkdir(mode=0o700)
            run_folder.lay_out(folder, files, uid=os.getuid())
        except OSError as error:
            raise WorkerLost(f"worker {self._worker_id}: {error}") from error
        return folder

    async def _run_in(self, folder: Path, request: RunRequest) -> RunResult:
        orders = Orders(
            kind="program",
            codes=(request.code,),
            outputs=request.outputs,
            limits=request.limits,
            nonce=secrets.token_bytes(NONCE_BYTES),
            subprocess=request.subprocess,
        )
        try:
            self._running = ColdProcess(orders, folder)
            capture = await self._running.carry_out()
        except OSError as error:
            raise WorkerLost(f"worker {self._worker_id}: {error}") from error
        finally:
            self._running = None
        left = verdict.Left(
            usage=run_folder.measure(folder),
            contents=run_folder.collect(folder, request.keep, room=request.limits.kept_bytes),
        )
        stamp = verdict.Stamp(
            run_id=secrets.token_hex(16), worker_id=self._worker_id, backend=NAME, tier=TIER
        )
        return verdict.of_program(stamp, capture, request.limits, left)


def _remove(folder: Path, subject: str) -> tuple[StopFailure, ...]:
    try:
        run_folder.remove(folder)
    except OSError as error:
        name = type(error).__name__
        return (StopFailure(subject=subject, phase="remove", error=name, text=str(error)),)
    return ()
