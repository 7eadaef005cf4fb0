from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tracemill_sandbox.embedded import channel
from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import RequestInvalid, SessionClosed, WorkerLost
from tracemill_sandbox.request import Limits, RunRequest, SessionRequest

pytestmark = pytest.mark.sandbox

Do = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_branch_ends_by_itself_and_the_first_session_ends_all(
    do: Do, worker: EmbeddedWorker
) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        first, second = await session.branch(), await session.branch()
        await first.close()
        await first.close()  # a second time is no fault
        with pytest.raises(SessionClosed, match="it was closed"):
            await first.branch()
        assert (await session.run("x = 1", ("x",))).output("x") == 1
        assert (await second.run("x = 2")).ok
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - is fast
        await session.close()
        with pytest.raises(SessionClosed, match="it was closed"):
            await second.run("x = 1")
        assert len(os.listdir("/proc/self/fd")) < before  # noqa: PTH208 - is fast
        await second.close()

    do(go())


LEAVES = (
    "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n"
    "    held = b'1' * (200 << 20)\n    time.sleep(60)\ntime.sleep(0.5)"
)


@pytest.mark.parametrize("avoid", [(), ("namespaces",)], ids=["namespaces", "landlock"])
def test_what_a_session_left_is_not_counted_for_the_next_run(
    do: Do, avoid: tuple[str, ...]
) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), avoid=avoid)
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        session = await worker.open_session(SessionRequest())
        assert (await session.run(LEAVES)).ok
        branch = await session.branch()
        await session.close()
        limits = Limits(memory_bytes=100 << 20)
        result = await worker.run(
            RunRequest(code="import time\ntime.sleep(0.3)\nn = 2", limits=limits)
        )
        assert result.ok, result.reason
        await branch.close()
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_worker_carries_nothing_beside_a_session(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        with pytest.raises(WorkerLost, match="carries something else"):
            await worker.run(RunRequest(code="x = 1"))
        assert (await session.run("x = 1")).ok
        await session.close()
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


def test_a_session_whose_closing_is_given_up_ends_all_the_same(
    do: Do, worker: EmbeddedWorker
) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        closing = asyncio.ensure_future(session.close())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        await session.close()
        assert (await worker.run(RunRequest(code="x = 1"))).ok

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


KEEPS_SILENT = {
    "stops the state that it leaves": (
        (
            "import os, signal, threading, time\n"
            "def stop():\n    time.sleep(0.3)\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
            "threading.Thread(target=stop, daemon=True).start()\n"
        ),
        "x = 1",
    ),
    "stops the state before and ends": (
        "x = 1",
        "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nos._exit(3)",
    ),
    "kills the state before and ends": (
        "x = 1",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(3)",
    ),
    "stops the state before and itself": (
        "x = 1",
        "import os, signal\nos.kill(os.getppid(), 19)\nos.kill(os.getpid(), 19)",
    ),
    "closes all that it has": (
        "x = 1",
        "import os\nos.closerange(0, 300)\nwhile True: pass",
    ),
    "speaks for the state that it leaves": (
        (
            "import gc, socket, threading, time\n"
            "def speak():\n    time.sleep(0.3)\n"
            "    for one in gc.get_objects():\n"
            "        if type(one) is socket.socket and one.fileno() >= 0:\n"
            '            one.send(b\'{"died": 1, "wait_status": "odd"}\')\n'
            "            one.recv(9)\n"
            "threading.Thread(target=speak, daemon=True).start()\n"
        ),
        "while True: pass",
    ),
}


@pytest.mark.parametrize("cells", KEEPS_SILENT.values(), ids=KEEPS_SILENT)
def test_a_cell_that_keeps_its_states_from_speaking_is_timed_out(
    do: Do, worker: EmbeddedWorker, cells: tuple[str, str]
) -> None:
    async def go() -> None:
        limits = Limits(wall_seconds=1.0, cpu_seconds=30.0)
        session = await worker.open_session(SessionRequest(limits=limits))
        first, second = cells
        assert (await session.run("y = 1")).ok
        assert (await session.run(first)).ok
        await asyncio.sleep(0.6)
        async with asyncio.timeout(20):
            result = await session.run(second)
        assert result.status == "timeout"
        assert result.reason.startswith("still running after 1 s")
        if "ended" in result.reason:
            with pytest.raises(SessionClosed, match="its processes did not answer"):
                await session.run("x = 1")
        await session.close()
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


def test_a_cell_that_is_given_up_while_its_states_are_silent_ends_the_session(
    do: Do, worker: EmbeddedWorker
) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        code = "import os, signal\nos.kill(os.getppid(), 19)\nos.kill(os.getpid(), 19)"
        cell = asyncio.ensure_future(session.run(code))
        await asyncio.sleep(0.3)
        cell.cancel()
        async with asyncio.timeout(20):
            with pytest.raises(asyncio.CancelledError):
                await cell
        with pytest.raises(SessionClosed, match="its processes did not answer"):
            await session.run("x = 1")
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


def test_a_state_that_kills_the_one_before_it_goes_on(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        await session.run("x = 1")
        assert (await session.run("import os; os.kill(os.getppid(), 9)")).ok
        assert (await session.run("y = x", ("y",))).output("y") == 1
        await session.close()

    do(go())


def test_asking_a_state_that_is_gone_leaves_no_descriptors(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        end = "import os, threading, time\n"
        end += "threading.Timer(0.1, lambda: os._exit(0)).start()"
        await session.run(end)
        await asyncio.sleep(0.5)
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - is fast
        for _ in range(3):
            with pytest.raises(SessionClosed, match="newest state is gone"):
                await session.run("x = 1")
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - is fast
        await session.rollback()
        assert (await session.run("x = 1")).ok
        await session.close()

    do(go())


FLOODS = """
import os, time
if os.fork() == 0:
    message = b'{"a":[' + b",".join([b"{}"] * 20000) + b"]}"
    own = [int(name) for name in os.listdir("/proc/self/fd")]
    sockets = [one for one in own if os.path.exists(f"/proc/self/fd/{one}")
               and os.readlink(f"/proc/self/fd/{one}").startswith("socket:")]
    while sockets:
        for one in list(sockets):
            try:
                os.write(one, message)
            except OSError:
                sockets.remove(one)
    os._exit(0)
n = 1
"""


def test_states_that_write_without_end_are_not_listened_to(
    do: Do, worker: EmbeddedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    really = channel.receive

    def count(*arguments: Any, **more: Any) -> Any:
        taken.append(1)
        return really(*arguments, **more)

    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        monkeypatch.setattr(channel, "receive", count)
        for _ in range(4):
            with contextlib.suppress(SessionClosed):
                await session.run(FLOODS)
        await asyncio.sleep(0.3)
        assert len(taken) < 60
        await session.close()
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())
