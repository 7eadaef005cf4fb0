"""Removes what a worker or a template leaves on the disk, and looks whether it went."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.log import say
from tracemill_sandbox.report import log_failure
from tracemill_sandbox.worker import StopFailure

PATIENCE_SECONDS = 0.1
"""So long a run waits for its folder to go: nearly all have by then, and leave nothing behind."""

MOST_WAITING = 2
"""Folders of a worker that may wait to be removed; with more the next run waits, or one that leaves
them faster than they go would fill the disk."""


class Bin:
    """Removes the folders of a worker's runs, of which a slow one does not hold up the next run.

    It is moved out of the next run's sight first, which takes no time.

    Args:
        subject: The worker's id.
        on_failure: Called with what was not removed, and why; that was logged then.
    """

    def __init__(self, subject: str, on_failure: Callable[[str], None]) -> None:
        self._subject, self._on_failure = subject, on_failure
        self._deadline = run_folder.Deadline()
        self._tasks: set[asyncio.Task[None]] = set()
        self._all: set[asyncio.Task[tuple[StopFailure, ...]]] = set()
        self._in_sight: set[asyncio.Future[None]] = set()

    async def take(self, folder: Path, yard: Path) -> None:
        """Remove a folder, and wait a moment for that; a cancelled call removes it as well.

        Args:
            folder: Of a run that is over.
            yard: See ``folder.put_away``.
        """
        away: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._in_sight.add(away)
        away.add_done_callback(self._in_sight.discard)
        task = asyncio.ensure_future(self._remove(folder, yard, away))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)

    async def room(self) -> None:
        """Wait until another folder may be left here, and no earlier one is in its run's sight."""
        while self._in_sight:
            await asyncio.wait(self._in_sight)
        while len(self._tasks) >= MOST_WAITING:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def take_all(self, folders: Sequence[Path], seconds: float) -> tuple[StopFailure, ...]:
        """Remove the worker's own folders, after those of its runs; nothing comes after that.

        Args:
            folders: In which its runs were, and were put away.
            seconds: Longest wait; what takes longer goes on until ``call_off``.

        Returns:
            What failed until then; what fails later is logged.
        """
        task = asyncio.ensure_future(self._remove_all(folders, list(self._tasks)))
        self._all.add(task)
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
        task.add_done_callback(self._log_late)
        return ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be removed."""
        return all(task.done() for task in (*self._tasks, *self._all))

    async def call_off(self, seconds: float) -> None:
        """Let what waits here stay, for others to remove; wait until nothing is touched any more.

        Args:
            seconds: Longest wait; the kernel may be busy with a file.
        """
        self._deadline.at = -math.inf
        if not self.is_empty:
            await asyncio.wait({*self._tasks, *self._all}, timeout=seconds)

    async def _remove_all(
        self, folders: Sequence[Path], earlier: Sequence[asyncio.Task[None]]
    ) -> tuple[StopFailure, ...]:
        if earlier:
            await asyncio.wait(earlier)
        failures: tuple[StopFailure, ...] = ()
        for folder in folders:
            failures += await removal(folder, self._subject, deadline=self._deadline)
        return failures

    def _log_late(self, task: asyncio.Task[tuple[StopFailure, ...]]) -> None:
        if not task.cancelled() and not self._is_called_off:
            for failure in task.result():
                log_failure(failure)

    @property
    def _is_called_off(self) -> bool:
        return self._deadline.at < math.inf

    async def _remove(self, folder: Path, yard: Path, away: asyncio.Future[None]) -> None:
        loop = asyncio.get_running_loop()
        said = await asyncio.to_thread(
            _put_away_and_remove,
            folder,
            yard,
            self._deadline,
            lambda: loop.call_soon_threadsafe(_note, away),
        )
        _note(away)
        if said and not self._is_called_off:
            say(logging.ERROR, "worker %s: %s", self._subject, said)
            self._on_failure(said)


def _put_away_and_remove(
    folder: Path, yard: Path, deadline: run_folder.Deadline, away: Callable[[], object]
) -> str:
    """Remove a folder, from where no run sees it; return what failed, empty if nothing.

    One that can not be put away is removed where it is, and is in sight until then.
    """
    place, refused = folder, ""
    try:
        place = run_folder.put_away(folder, yard)
        away()
    except OSError as error:
        refused = f"; it was not put away: {_named(error)}"
    try:
        run_folder.remove(place, deadline=deadline)
    except OSError as error:
        return f"{folder} was not removed: {_named(error)}{refused}"
    return f"{folder} was not removed: {place} stays{refused}" if place.exists() else ""


def _named(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"


def _note(away: asyncio.Future[None]) -> None:
    if not away.done():
        away.set_result(None)


async def removal(
    folder: Path, subject: str, *, deadline: run_folder.Deadline, mark: str = ""
) -> tuple[StopFailure, ...]:
    """Remove a folder and look whether it went; return what failed.

    Args:
        folder: Of the host.
        subject: In failures.
        deadline: As of ``folder.remove``; a call that is cancelled ends it as well.
        mark: Name of a file in it by which a later pool knows what stays, and that goes last.
    """
    try:
        await asyncio.to_thread(run_folder.remove, folder, deadline=deadline, last=mark)
    except TimeoutError as error:
        text = f"{error} to remove all of {folder}"
        text += ": the next pool of this user removes the rest" if mark else ""
        return (StopFailure(subject=subject, phase="remove", error="TimeoutError", text=text),)
    except asyncio.CancelledError:
        deadline.at = -math.inf
        raise
    except OSError as error:
        return (
            StopFailure(
                subject=subject, phase="remove", error=type(error).__name__, text=str(error)
            ),
        )
    if folder.exists():
        return (remains(subject, "verify", f"folder {folder} stays"),)
    return ()


def remains(subject: str, phase: str, text: str) -> StopFailure:
    """Return the failure of something that simply did not go away."""
    return StopFailure(subject=subject, phase=phase, error="Remains", text=text)
