"""One container, from the ledger's entry before it exists to the look that it is gone."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.log import say
from tracemill_sandbox.oci.engine import Engine, EngineError, Output
from tracemill_sandbox.oci.ledger import LABEL, Entry, Ledger
from tracemill_sandbox.oci.recipe import Recipe, new_user
from tracemill_sandbox.worker import StopFailure

_LOOK_SECONDS = 0.02
_KILL_SECONDS = 10.0
_STEP_SECONDS = 5.0
_LEAST_STOP_SECONDS = 1.2  # in less there is no time to ask first

Step = Callable[[str, float], Awaitable[None]]

Standing = Literal["made", "running", "leaving"]
"""made: it was never started. leaving: it runs, and was told to end."""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What containers of one pool share: the engine, the ledger and the recipe."""

    engine: Engine
    ledger: Ledger
    recipe: Recipe


class Container:
    """One container of ours; ``end`` may be called at any time, also before it was made."""

    def __init__(self, shelf: Shelf, entry: Entry) -> None:
        self._engine, self._ledger, self._recipe = shelf.engine, shelf.ledger, shelf.recipe
        self._entry = entry
        self._id = ""
        self._making: asyncio.Task[str] | None = None
        self._killing: asyncio.Task[StopFailure | None] | None = None
        self._begun = False
        self.gone = True
        self.output = Output()

    @property
    def subject(self) -> str:
        """Return its id, or its name as long as it has none."""
        return self._id or self._entry.name

    async def launch(self, seconds: float) -> None:
        """Enter it in the ledger, make it, listen to it, start it; only once.

        Raises:
            EngineError: if the engine refuses or does not answer.
            WorkerLost: if the ledger can not be written.
        """
        self.gone = False
        try:
            self._ledger.enter(self._entry)
        except OSError as error:
            raise WorkerLost(f"ledger of containers: {error}") from error
        options = self._recipe.options(self._entry, new_user())
        host = self._recipe.host(self._entry)
        making = self._engine.create(self._recipe.image, options, host, seconds)
        self._making = asyncio.create_task(making)
        self._id = await asyncio.shield(self._making)  # a cancelled start has yet to know its end
        self.output = await self._engine.attach(self._id, seconds)
        self._begun = True
        try:
            await self._engine.start(self._id, seconds)
        except EngineError as error:
            self._begun = not error.code  # an engine that answered has not started it
            raise

    async def stands(self, seconds: float) -> bool:
        """Return whether the engine still has it.

        Raises:
            EngineError: if it can not say.
        """
        return await self._engine.labels(self._id, seconds) is not None

    def kill(self) -> None:
        """Have it killed without waiting; what goes wrong is told by ``end``."""
        if self._id and self._killing is None:
            self._killing = asyncio.create_task(self._kill())

    async def _kill(self) -> StopFailure | None:
        try:
            await self._engine.kill(self._id, _KILL_SECONDS)
        except EngineError as error:
            return None if error.gone or error.under_way else report(error.as_failure())
        return None

    async def end(self, *, until: float, leaving: bool = True) -> tuple[StopFailure, ...]:
        """Stop, kill, remove and verify, each only if it is still there; strike it when gone.

        Args:
            until: Time of the monotonic clock at which this returns, whatever the engine does.
            leaving: Whether it was told to end, and so may go by itself.

        Returns:
            Everything that failed, each logged as an error.
        """
        if self.gone:
            return ()
        failures = await self._settle(until)
        removal = Removal(self._engine, self.subject, self._entry.labels())
        if self._making is not None:
            begun: Standing = "leaving" if leaving else "running"
            standing = begun if self._begun else "made"
            failures += await removal.carry_out(until=until, standing=standing)
        self.gone = removal.gone or self._making is None
        return failures + self._strike() if self.gone else failures

    async def _settle(self, until: float) -> tuple[StopFailure, ...]:
        """Wait a while for calls that are under way."""
        tasks = [task for task in (self._making, self._killing) if task is not None]
        if not tasks:
            return ()
        await asyncio.wait(tasks, timeout=_share(until, 4))
        failures = [*self._made(), *self._killed()]
        for task in tasks:
            task.cancel()
        self._killing = None
        return tuple(failures)

    def _made(self) -> tuple[StopFailure, ...]:
        making = self._making
        if making is None or making.cancelled():
            return ()
        if not making.done():
            text = "the engine has not answered yet; a later start looks for it"
            return (self._failure("create", "DeadlineExceeded", text),)
        if making.exception() is None:
            self._id = making.result()
        return ()

    def _killed(self) -> tuple[StopFailure, ...]:
        killing = self._killing
        if killing is None or not killing.done():
            return ()
        failure = killing.result()
        return () if failure is None else (failure,)

    def _failure(self, phase: str, error: str, text: str) -> StopFailure:
        return report(StopFailure(subject=self.subject, phase=phase, error=error, text=text))

    def _strike(self) -> tuple[StopFailure, ...]:
        try:
            self._ledger.erase(self._entry.name)
        except OSError as error:
            return (self._failure("remove", type(error).__name__, f"ledger: {error}"),)
        return ()


class Removal:
    """Ends a container step by step, until one look finds it gone; never another's."""

    def __init__(self, engine: Engine, container: str, labels: Mapping[str, str]) -> None:
        self._engine, self._container, self._labels = engine, container, labels
        self._failures: list[StopFailure] = []
        self.gone = False

    async def carry_out(self, *, until: float, standing: Standing) -> tuple[StopFailure, ...]:
        """Do it; every step gets a part of the time that is left.

        Args:
            until: Time of the monotonic clock at which this returns, whatever the engine does.
            standing: What is known of it.

        Returns:
            Everything that failed, each logged as an error.
        """
        steps = self._steps(until, standing)
        await self._look(_share(until, 3), patient=standing == "leaving")
        for step in steps:
            if self.gone:
                return tuple(self._failures)
            if await self._take(step, _share(until, 2)):
                await self._look(_share(until, 2))
        if not self.gone:
            await self._verify(until)
        return tuple(self._failures)

    def _steps(self, until: float, standing: Standing) -> tuple[Step, ...]:
        engine = self._engine
        if standing == "made":
            return (engine.remove,)
        if until - time.monotonic() < _LEAST_STOP_SECONDS:
            return (engine.kill, engine.remove)
        return (engine.stop, engine.kill, engine.remove)

    async def _take(self, step: Step, seconds: float) -> bool:
        """Take a step; returns whether it may have done anything."""
        try:
            await step(self._container, seconds)
        except EngineError as error:
            if not error.gone and not error.under_way:
                self._failures.append(report(error.as_failure()))
                return False
        return True

    async def _look(self, seconds: float, *, patient: bool = True) -> None:
        """Look until it is gone or the time is up; an engine that can not say leaves it there."""
        until = time.monotonic() + seconds
        left = seconds
        while not self.gone and left > 0:
            try:
                self.gone = not self._ours(await self._engine.labels(self._container, left))
            except EngineError:
                return
            if self.gone or not patient:
                return
            await asyncio.sleep(_LOOK_SECONDS)
            left = until - time.monotonic()

    async def _verify(self, until: float) -> None:
        """Say why it is not known to be gone."""
        try:
            labels = await self._engine.labels(self._container, _share(until, 1))
        except EngineError as error:
            self._failures.append(report(error.as_failure()))
            return
        self.gone = not self._ours(labels)
        if not self.gone:
            text = "the container is still there; a later start removes it"
            self._failures.append(
                report(
                    StopFailure(subject=self._container, phase="verify", error="Remains", text=text)
                )
            )

    def _ours(self, labels: Mapping[str, str] | None) -> bool:
        """Tell our container from none, and from one that took its name."""
        return labels is not None and labels.get(LABEL) == self._labels[LABEL]


def _share(until: float, parts: int) -> float:
    return min(_STEP_SECONDS, max(0.01, (until - time.monotonic()) / parts))


def report(failure: StopFailure) -> StopFailure:
    """Log a failure as an error and return it."""
    text = "%s of %s failed: %s: %s"
    say(logging.ERROR, text, failure.phase, failure.subject, failure.error, failure.text)
    return failure
