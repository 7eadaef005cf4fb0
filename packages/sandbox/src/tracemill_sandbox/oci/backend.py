"""The oci backend: finds the engine, clears up after dead hosts, makes workers in containers."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.oci.client import Connect, connector
from tracemill_sandbox.oci.container import Shelf, report
from tracemill_sandbox.oci.engine import Engine, EngineError
from tracemill_sandbox.oci.find import find_engine
from tracemill_sandbox.oci.ledger import Entry, Ledger, Owner, default_folder
from tracemill_sandbox.oci.link import Deadlines
from tracemill_sandbox.oci.recipe import (
    EMPTY_NAME,
    MEMORY_BYTES,
    Recipe,
    empty_archive,
    host_mounts,
)
from tracemill_sandbox.oci.sweep import FOLDER_PREFIX, sweep
from tracemill_sandbox.oci.wire import Setup
from tracemill_sandbox.oci.worker import BACKEND, OciWorker
from tracemill_sandbox.worker import LIBRARIES, StopFailure

_CLOSE_SECONDS = 0.4
_SWEEP_SECONDS = 15.0
_LOOK_AT_ENGINE = "see whether the engine works: docker info (or podman info), and its log"
_HAVE_IMAGE = "build or pull it first; the sandbox itself pulls nothing"
_WRITABLE = "name a folder that can be written to in XDG_STATE_HOME"


class OciBackend:
    """Makes workers in containers of Docker or Podman on this machine.

    Args:
        libraries: What the workers load beforehand where it is installed.
        avoid: Parts of the tier that are not to be used inside.
        spares: Processes that each worker keeps waiting.
        image: Image with Python and tracemill-sandbox in it, which must be there already. Without
            one the containers show this process's own interpreter, environment and system
            libraries, read-only.
        python: Interpreter in ``image``.
        memory_bytes: Memory of each container, files of the runs included; a run that is allowed
            more gets no more.
        engine: Address of the engine, ``unix://PATH``; without one it is looked for.
        ledger: Folder that says which containers are ours; by default the user's own.
        deadlines: How long anything may take.
        connect: Makes clients of the engine; by default docker-py's.
    """

    def __init__(
        self,
        *,
        libraries: tuple[str, ...] = LIBRARIES,
        avoid: tuple[str, ...] = (),
        spares: int = 1,
        image: str | None = None,
        python: str = "python3",
        memory_bytes: int = MEMORY_BYTES,
        engine: str | None = None,
        ledger: Path | None = None,
        deadlines: Deadlines | None = None,
        connect: Connect | None = None,
    ) -> None:
        self._setup = Setup(libraries=libraries, avoid=avoid, spares=spares)
        self._image, self._python, self._memory_bytes = image, python, memory_bytes
        self._url, self._connect = engine, connect
        self._ledger = Ledger(ledger or default_folder(os.environ, Path.home()))
        self._deadlines = deadlines or Deadlines()
        self._shelf: Shelf | None = None
        self._owner = self._engine_id = ""
        self._folder: Path | None = None
        self._workers: list[OciWorker] = []

    @property
    def name(self) -> str:
        """Return ``oci``."""
        return BACKEND

    async def open(self) -> None:
        """Find the engine, remove what dead hosts left in it, make sure of the image."""
        if self._shelf is not None:
            return
        environment = os.environ if self._url is None else {"DOCKER_HOST": self._url}
        engine = Engine(self._connect or connector(find_engine(environment)))
        try:
            self._shelf = await self._furnish(engine)
        except EngineError as error:
            raise SandboxUnavailable(reasons=(str(error),), remedies=(_LOOK_AT_ENGINE,)) from error
        except OSError as error:
            reason = f"ledger of containers: {error}"
            raise SandboxUnavailable(reasons=(reason,), remedies=(_WRITABLE,)) from error

    async def _furnish(self, engine: Engine) -> Shelf:
        self._engine_id = await engine.engine_id(self._deadlines.call)
        self._ledger.open()
        self._owner = Owner.of_this_process().label
        until = time.monotonic() + _SWEEP_SECONDS
        await sweep(engine, self._ledger, self._engine_id, until=until)
        recipe = Recipe(
            image=await self._prepare_image(engine),
            python=self._python if self._image else sys.executable,
            mounts=() if self._image else host_mounts(),
            memory_bytes=self._memory_bytes,
        )
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
        return Shelf(engine=engine, ledger=self._ledger, recipe=recipe)

    async def _prepare_image(self, engine: Engine) -> str:
        """Return the name of an image that is there."""
        seconds = self._deadlines.call
        if self._image is not None:
            if not await engine.has_image(self._image, seconds):
                reason = f"the engine has no image {self._image}"
                raise SandboxUnavailable(reasons=(reason,), remedies=(_HAVE_IMAGE,))
            return self._image
        tag, archive = empty_archive()
        if not await engine.has_image(f"{EMPTY_NAME}:{tag}", seconds):
            await engine.import_image(EMPTY_NAME, tag, archive, seconds)
        return f"{EMPTY_NAME}:{tag}"

    def worker(self, worker_id: str) -> OciWorker:
        """Return a new worker, not started."""
        if self._shelf is None or self._folder is None:
            raise WorkerLost("the backend is not open")
        entry = Entry(
            name=f"tracemill-sandbox-{secrets.token_hex(8)}",
            engine=self._engine_id,
            owner=self._owner,
            folder=str(self._folder / worker_id),
        )
        worker = OciWorker(
            worker_id=worker_id,
            shelf=self._shelf,
            entry=entry,
            setup=self._setup,
            deadlines=self._deadlines,
        )
        self._workers = [*(other for other in self._workers if not other.over), worker]
        return worker

    async def close(self, grace: float) -> tuple[StopFailure, ...]:
        """Try once more to remove what workers could not, then remove the shared folder."""
        until = time.monotonic() + grace + _CLOSE_SECONDS
        left = [worker for worker in self._workers if not worker.gone]
        removals = await asyncio.gather(*(worker.remove(until) for worker in left))
        self._workers, self._shelf = [], None
        failures = [failure for each in removals for failure in each]
        return (*failures, *self._remove_folder())

    def _remove_folder(self) -> tuple[StopFailure, ...]:
        folder, self._folder = self._folder, None
        if folder is None:
            return ()
        try:
            shutil.rmtree(folder)
        except OSError as error:
            kind = type(error).__name__
            failure = StopFailure(subject=BACKEND, phase="remove", error=kind, text=str(error))
            return (report(failure),)
        return ()
