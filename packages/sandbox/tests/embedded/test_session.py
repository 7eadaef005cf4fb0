from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import RequestInvalid, SessionClosed
from tracemill_sandbox.request import RunRequest, SessionRequest

pytestmark = pytest.mark.sandbox

Do = Callable[[Coroutine[Any, Any, Any]], Any]


def test_the_last_branch_ends_the_session(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        branch = await session.branch()
        await session.close()
        assert (await branch.run("x = 1", ("x",))).output("x") == 1
        await branch.close()
        await branch.close()  # a second time is no fault
        with pytest.raises(SessionClosed, match="it was closed"):
            await branch.branch()

    do(go())


def test_a_cancelled_cell_changes_nothing(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        await session.run("x = 1")
        task = asyncio.ensure_future(session.run("x = 2\nwhile True: pass"))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await session.run("y = x", ("y",))).output("y") == 1
        await session.close()
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


def test_outputs_must_be_names(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        with pytest.raises(RequestInvalid, match="wanted the name of a variable"):
            await session.run("x = 1", ("x y",))
        await session.close()

    do(go())
