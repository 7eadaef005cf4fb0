"""A session on an embedded worker; see ``inside/session.py`` for the other side."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakSet

from tracemill_sandbox.embedded import verdict
from tracemill_sandbox.embedded.cell import Cell, State
from tracemill_sandbox.embedded.exchange import Capture, Exchange
from tracemill_sandbox.errors import RequestInvalid, SessionClosed
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.inside.frame import NONCE_BYTES
from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.result import RunResult


class Root:
    """What all branches of a session share: its first process, its folder, its end.

    Args:
        exchange: Of the session's run as a whole.
        folder: Of the run.
        limits: For each cell.
        stamp: Makes the stamp of a result.
        held: Keeps the session's seat, and ends once that is cleared away.
        worker: Returns the process id of its worker.
    """

    def __init__(
        self,
        exchange: Exchange,
        folder: Path,
        limits: Limits,
        stamp: Callable[[], verdict.Stamp],
        held: asyncio.Task[None],
        *,
        worker: Callable[[], int | None],
    ) -> None:
        self.folder, self.limits, self.stamp, self.worker = folder, limits, stamp, worker
        self._held = held
        self._numbers = itertools.count()
        self._exchange = exchange
        self._running = asyncio.ensure_future(exchange.carry_out())
        self._running.add_done_callback(_retrieve)  # nobody may ask how a lost session ended
        self._states: WeakSet[State] = WeakSet()
        self._running.add_done_callback(self._hang_up)

    def keep(self, state: State) -> State:
        """Note a state that is hung up on at the end of the session, whoever holds it then."""
        self._states.add(state)
        return state

    def _hang_up(self, _: asyncio.Task[Capture]) -> None:
        for state in list(self._states):
            state.hang_up()

    def next_number(self) -> int:
        """Return the number of the next cell, unique in the session."""
        return next(self._numbers)

    def why_ended(self) -> str | None:
        """Return why the session is over; None while it goes on."""
        if not self._running.done():
            return None
        error = self._running.exception()
        if error is not None:
            return str(error)
        return self._running.result().reason or "its first process has ended"

    @contextlib.contextmanager
    def telling(self, cell: Cell) -> Iterator[None]:
        """Tell a cell if the session ends meanwhile."""
        self._running.add_done_callback(cell.session_ended)
        try:
            yield
        finally:
            self._running.remove_done_callback(cell.session_ended)

    def give_up(self, reason: str) -> None:
        """End every process of the session, which says no more; ``wait`` tells when they are."""
        self._exchange.end("timeout", reason)

    def end_soon(self) -> None:
        """End every process of the session, whoever still holds states of it."""
        self._exchange.end("cancelled", "it was closed")

    async def end(self) -> None:
        """End every process of the session; wait until they are gone, and its seat is cleared.

        Raises:
            WorkerLost: if they do not go.
        """
        lives = not self._running.done()
        self.end_soon()
        await asyncio.wait([self._held])
        if lives:
            self._running.result()

    async def wait(self) -> None:
        """Wait until every process of the session is gone, however that comes."""
        await asyncio.wait([self._running])


class EmbeddedSession:
    """Cells that share state; see ``worker.WorkerSession``.

    Args:
        root: What it shares with its branches.
        states: That it can go back to; the last one is its newest.
        is_whole: Whether the session ends with it; else it is a branch.
    """

    def __init__(self, root: Root, states: list[State], *, is_whole: bool = False) -> None:
        self._root, self._states, self._is_whole = root, states, is_whole
        self._closed = False

    async def run(self, code: str, outputs: tuple[str, ...] = ()) -> RunResult:
        """Run one cell on the newest state; see ``WorkerSession.run``."""
        RunRequest(code=code, outputs=outputs)  # refuses outputs that are no names
        self._check_open()
        limits = self._root.limits
        orders = Orders(
            kind="program",
            codes=(code,),
            outputs=outputs,
            limits=limits,
            nonce=secrets.token_bytes(NONCE_BYTES),
            subprocess=True,
        )
        root = self._root
        cell = Cell(
            root.next_number(),
            self._states[-1],
            orders,
            limits,
            give_up=root.give_up,
            worker=root.worker,
        )
        root.keep(cell.after)
        try:
            with root.telling(cell):
                capture = await cell.carry_out()
        except SessionClosed:
            await self._ended()
            raise
        if cell.moved_on:
            self._states.append(cell.after)
        usage = await asyncio.to_thread(run_folder.measure, root.folder)
        return verdict.of_program(root.stamp(), capture, limits, verdict.Left(usage=usage))

    async def rollback(self, cells: int = 1) -> None:
        """Take back the last cells; see ``WorkerSession.rollback``."""
        self._check_open()
        if not 0 <= cells < len(self._states):
            raise RequestInvalid(
                f"rollback: wanted at most {len(self._states) - 1} cells, got {cells}"
            )
        for _ in range(cells):
            self._states.pop().let_go()

    async def branch(self) -> EmbeddedSession:
        """Return a session that goes on from here on its own; see ``WorkerSession.branch``."""
        self._check_open()
        for state in self._states:
            state.holders += 1
        return EmbeddedSession(self._root, list(self._states))

    async def close(self) -> None:
        """Let go of the states, or end the session with all its branches."""
        if not self._closed:
            self._closed = True
            for state in self._states:
                state.let_go()
        if self._is_whole:
            await self._root.end()

    def _check_open(self) -> None:
        if self._closed:
            raise SessionClosed("it was closed")
        reason = self._root.why_ended()
        if reason is not None:
            raise SessionClosed(reason)

    async def _ended(self) -> None:
        """Raise the reason why the session as a whole is over, if it is."""
        try:
            async with asyncio.timeout(1.0):
                await self._root.wait()
        except TimeoutError:
            return
        if (reason := self._root.why_ended()) is not None:
            raise SessionClosed(reason)


def _retrieve(running: asyncio.Task[Capture]) -> None:
    """Take note of how it ended; a loop complains of errors that nobody looked at."""
    if not running.cancelled():
        running.exception()
