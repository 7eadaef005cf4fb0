"""A session's side in the pool: it keeps one worker until it is closed, ended or out of time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import TypeVar

from tracemill_sandbox.dispatch.attempt import ATTEMPTS
from tracemill_sandbox.dispatch.lease import Lease, Turn, take
from tracemill_sandbox.errors import SessionClosed, WorkerLost
from tracemill_sandbox.lifecycle.household import STOPPED, Household
from tracemill_sandbox.request import SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import WorkerSession

T = TypeVar("T")


class Hold:
    """The worker of a session and its branches; whoever ends it, the worker is given back once."""

    def __init__(
        self, house: Household, lease: Lease, root: WorkerSession, request: SessionRequest
    ) -> None:
        self._house, self._lease, self._root, self._request = house, lease, root, request
        self._turns = asyncio.Lock()
        self._reason = ""
        self._task: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        said = f"its time limit of {request.seconds:g} s is over"
        self._timer = loop.call_later(request.seconds, self.close_soon, said)

    async def ask(self, work: Callable[[], Coroutine[None, None, T]], seconds: float) -> T:
        """Ask the worker one thing, after all that was asked before.

        Raises:
            SessionClosed: if the session has ended, or ends with its worker now.
        """
        try:
            async with self._turns:
                if self._reason:
                    raise SessionClosed(self._reason)
                return await self._call(work(), seconds)
        except WorkerLost as error:
            self._lease.fail(str(error))
            await self.close(f"its worker was lost: {error}")
            raise SessionClosed(self._reason) from error

    async def cell(self, work: Callable[[], Coroutine[None, None, RunResult]]) -> RunResult:
        """Run one cell; see ``ask``."""
        limits, upkeep = self._request.limits, self._house.upkeep
        result = await self.ask(work, limits.wall_seconds + upkeep.allowance_seconds)
        self._house.meter.ended(result.status)
        return result

    async def small(self, work: Callable[[], Coroutine[None, None, T]]) -> T:
        """Ask for something that takes no program's time; see ``ask``."""
        return await self.ask(work, self._house.upkeep.answer_seconds)

    def close_soon(self, reason: str) -> None:
        """End the session as soon as the cell that runs has ended; no other begins."""
        self._reason = self._reason or reason
        if self._task is None:
            self._task = asyncio.ensure_future(self._close())

    async def close(self, reason: str) -> None:
        """End the session and all its branches; give the worker back."""
        self.close_soon(reason)
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _close(self) -> None:
        async with self._turns:
            try:
                await self._call(self._root.close(), self._house.upkeep.answer_seconds)
            except WorkerLost as error:
                self._lease.fail(str(error))
            self._timer.cancel()
            self._lease.release()

    async def _call(self, work: Coroutine[None, None, T], seconds: float) -> T:
        patience = self._house.upkeep.call_off_seconds
        return await self._lease.member.call(work, seconds=seconds, patience=patience)


async def begin(house: Household, request: SessionRequest) -> tuple[Hold, PoolSession]:
    """Take a worker and begin a session on it; once more on another if the first was lost.

    Raises:
        SessionClosed: if both were lost.
        SandboxError: what ``take`` raises.
    """
    turn = Turn()
    while True:
        lease = await take(house, request.limits.memory_bytes, turn, "a session")
        try:
            root = await lease.member.call(
                lease.member.worker.open_session(request),
                seconds=house.upkeep.allowance_seconds,
                patience=house.upkeep.call_off_seconds,
            )
        except WorkerLost as error:
            lease.fail(str(error))
            lease.release()
            if house.stopping or turn.attempts == ATTEMPTS:
                raise SessionClosed(STOPPED if house.stopping else str(error)) from error
            house.meter.add("retries")
        except BaseException:
            lease.release()
            raise
        else:
            house.meter.add("sessions")
            hold = Hold(house, lease, root, request)
            return hold, PoolSession(root, hold, root=True)


class PoolSession:
    """A session as the pool's caller sees it; see ``worker.WorkerSession``."""

    def __init__(self, inner: WorkerSession, hold: Hold, *, root: bool = False) -> None:
        self._inner, self._hold, self._root = inner, hold, root

    async def run(self, code: str, outputs: tuple[str, ...] = ()) -> RunResult:
        """Run one cell on the newest state; the state moves on unless the cell's process died.

        Raises:
            SessionClosed: if the session has ended, or ends with its worker now.
        """
        return await self._hold.cell(lambda: self._inner.run(code, outputs))

    async def rollback(self, cells: int = 1) -> None:
        """Take back the last ``cells`` cells that moved the state.

        Raises:
            RequestInvalid: if there are not so many.
            SessionClosed: as ``run``.
        """
        await self._hold.small(lambda: self._inner.rollback(cells))

    async def branch(self) -> PoolSession:
        """Return a second session that begins at this one's newest state; both go on apart.

        It ends with the first one. Cells of both take turns.

        Raises:
            SessionClosed: as ``run``.
        """
        return PoolSession(await self._hold.small(self._inner.branch), self._hold)

    async def close(self) -> None:
        """End this branch, or the session with all its branches; a second call does nothing."""
        if self._root:
            await self._hold.close("it was closed")
            return
        with contextlib.suppress(SessionClosed):
            await self._hold.small(self._inner.close)
