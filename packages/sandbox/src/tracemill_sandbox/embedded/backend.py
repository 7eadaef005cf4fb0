"""The embedded backend: a template, and workers forked from it, all on this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from weakref import WeakSet

from tracemill_sandbox.embedded import sweep
from tracemill_sandbox.embedded.clear import Bin, removal
from tracemill_sandbox.embedded.template import Plan, Template, Wrap
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.kernel import shortfall
from tracemill_sandbox.kernel.tier import give_user_back, run_user, take_user
from tracemill_sandbox.worker import LIBRARIES, Greeting, StopFailure

_REMOVAL_SECONDS = 0.45
"""Beyond the grace, for the template's end and the folder: a pool that stops has half a second more
than the grace at least."""
_LEAST_REMOVAL_SECONDS = 0.1


class EmbeddedBackend:
    """Owns the template and the folder of all runs.

    Args:
        name: What stands in results as the backend.
        libraries: What the template loads where it is installed; others are loaded by the runs.
        avoid: Parts of the tier that are not to be used although they could be.
        spares: Processes that each worker keeps confined and waiting, so that a run need not
            wait for a fork.
        wrap: Starts the template inside something else; see ``Wrap``.
        fence: What that adds to the name of the tier.
        system: As ``sys.platform``.
    """

    def __init__(
        self,
        *,
        name: str = "embedded",
        libraries: tuple[str, ...] = LIBRARIES,
        avoid: tuple[str, ...] = (),
        spares: int = 1,
        wrap: Wrap | None = None,
        fence: str = "",
        system: str = sys.platform,
    ) -> None:
        self.name = name
        self.spares = spares
        self._libraries, self._avoid, self._wrap, self._fence = libraries, avoid, wrap, fence
        self._system = system
        self._folder: Path | None = None
        self._mark = -1
        self._template: Template | None = None
        self._greeting: Greeting | None = None
        self._opening = asyncio.Lock()
        self._bins: WeakSet[Bin] = WeakSet()
        self._closed = False

    async def open(self) -> None:
        """Start the template, or a new one where it has ended; see ``Backend.open``.

        Raises:
            SandboxUnavailable: if this machine does not offer enough to hold a program.
            WorkerLost: if the template did not start, or the backend is closed.
        """
        if not self._system.startswith("linux"):
            lack = shortfall.not_linux(self._system)
            raise SandboxUnavailable(reasons=(lack.reason,), remedies=(lack.remedy,))
        async with self._opening:
            if self._template is not None and self._template.alive:
                return
            if self._template is not None:
                await self._template.stop(0.0)
            try:
                plan = self._plan()
            except OSError as error:
                raise WorkerLost(f"no template can be started: {error}") from error
            self._template = Template(plan)
            self._greeting = await self._template.start()

    async def fork(self, folder: Path, uid: int, control: socket.socket) -> tuple[int, Greeting]:
        """Fork a worker; return a pidfd of it, and what it has loaded.

        Args:
            folder: The worker's, from ``new_folder``.
            uid: The worker's user, from ``take_user``.
            control: The worker's end of its control socket.

        Raises:
            WorkerLost: if there is no template, or it does not answer.
            SandboxUnavailable: as ``open``.
        """
        await self.open()
        if self._template is None or self._greeting is None:
            raise WorkerLost("the backend is closed")
        return await self._template.fork(folder, uid, control), self._greeting

    def worker(self, worker_id: str) -> EmbeddedWorker:
        """Return a new worker, not started."""
        return EmbeddedWorker(self, worker_id)

    def new_bin(self, subject: str, on_failure: Callable[[str], None]) -> Bin:
        """Return what removes the folders of a worker, at the latest until ``close``."""
        made = Bin(subject, on_failure)
        self._bins.add(made)
        return made

    def take_user(self) -> int:
        """Return a user for a worker's runs, of its own where the host is root.

        Raises:
            OSError: as ``tier.take_user``.
        """
        return take_user()

    def give_user_back(self, uid: int) -> None:
        """Note that no process has this user any more."""
        give_user_back(uid)

    def new_folder(self, name: str, uid: int) -> Path:
        """Make a folder below the pool's that only ``uid`` may enter.

        Raises:
            OSError: if the disk refuses.
        """
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        if uid != os.getuid():
            os.chown(folder, uid, uid)
        return folder

    @property
    def folder(self) -> Path:
        """Return the pool's folder; it is made at the first use.

        Raises:
            WorkerLost: if the backend is closed: nobody would remove the folder.
            OSError: if the disk refuses.
        """
        if self._closed:
            raise WorkerLost("the backend is closed")
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=sweep.PREFIX))
            self._folder.chmod(0o711)  # runs pass through it to their own, and see no other
            self._mark = sweep.mark(self._folder)
            sweep.sweep_soon(self._folder.parent)
        return self._folder

    async def close(self, grace: float) -> tuple[StopFailure, ...]:
        """End the template for good, remove the folder; see ``Backend.close``.

        What there is no time for keeps the mark, by which a later pool knows that it may remove it.
        """
        until = time.monotonic() + grace + _REMOVAL_SECONDS
        self._closed = True
        template, self._template = self._template, None
        folder, self._folder = self._folder, None
        failures: tuple[StopFailure, ...] = ()
        try:
            if template is not None:
                failures += await template.stop(grace)
        finally:
            until = max(until, time.monotonic() + _LEAST_REMOVAL_SECONDS)
            for each in list(self._bins):  # what they have not removed goes with the whole folder
                await each.call_off(max(0.0, until - time.monotonic()))
            if folder is not None:
                deadline = run_folder.Deadline(at=until)
                failures += await removal(folder, "template", deadline=deadline, mark=sweep.MARK)
            mark, self._mark = self._mark, -1
            if mark >= 0:
                os.close(mark)
        return failures

    def _plan(self) -> Plan:
        return Plan(
            folder=self.folder,
            uid=run_user(),
            libraries=self._libraries,
            avoid=self._avoid,
            spares=self.spares,
            wrap=self._wrap,
            fence=self._fence,
        )
