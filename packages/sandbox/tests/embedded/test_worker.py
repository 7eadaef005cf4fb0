from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.request import BatchRequest, Limits, RunRequest

pytestmark = pytest.mark.sandbox

Do = Callable[[Coroutine[Any, Any, Any]], Any]


async def started(backend: EmbeddedBackend, name: str) -> EmbeddedWorker:
    worker = backend.worker(name)
    await worker.start()
    return worker


def test_a_worker_that_did_not_start_runs_nothing_and_stops_cleanly(do: Do) -> None:
    async def go() -> None:
        worker = EmbeddedBackend(libraries=()).worker("w9")
        with pytest.raises(WorkerLost, match="worker w9 is stopped"):
            await worker.run(RunRequest(code=""))
        with pytest.raises(WorkerLost, match="worker w9 has not started"):
            _ = worker.greeting
        assert worker.pid is None
        assert await worker.stop(0) == ()

    do(go())


@pytest.mark.parametrize("spares", [0, 1, 3])
def test_runs_follow_each_other_with_any_number_of_spares(do: Do, spares: int) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), spares=spares)
        await backend.open()
        worker = await started(backend, "w0")
        for n in range(6):
            result = await worker.run(RunRequest(code=f"x = {n}", outputs=("x",)))
            assert (result.output("x"), result.worker_id) == (n, "w0")
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_cancelled_run_is_killed_and_the_worker_serves_on(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        task = asyncio.ensure_future(worker.run(RunRequest(code="while True: pass")))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


def test_kept_files_come_back_and_links_do_not(do: Do, worker: EmbeddedWorker) -> None:
    code = (
        "import os\nopen('a.txt', 'w').write('made')\nos.symlink('/etc/passwd', 'b.txt')\n"
        "os.mkdir('in'); open('in/c.txt', 'w').write('c')"
    )
    result = do(worker.run(RunRequest(code=code, keep=("*.txt", "in/*"))))
    assert result.claims.contents == {"a.txt": b"made", "in/c.txt": b"c"}


def test_memory_of_all_processes_together_is_bounded(do: Do, worker: EmbeddedWorker) -> None:
    code = (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n"
        "        b = bytearray(60 << 20)\n        for i in range(0, len(b), 4096): b[i] = 1\n"
        "        time.sleep(10)\n        os._exit(0)\ntime.sleep(10)\n"
    )
    result = do(worker.run(RunRequest(code=code, limits=Limits(memory_bytes=100 << 20))))
    assert result.status == "memory"
    assert "together" in result.reason


def test_a_worker_that_is_killed_is_noticed_and_its_run_lost(do: Do) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        run = asyncio.ensure_future(worker.run(RunRequest(code="while True: pass")))
        await asyncio.sleep(0.2)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        assert await worker.wait_lost() in ("it hung up", "its process has ended")
        with pytest.raises(WorkerLost):
            await run
        with pytest.raises(WorkerLost):
            await worker.run(RunRequest(code="x = 1"))
        with pytest.raises(WorkerLost):
            await worker.ping()
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_worker_that_is_stopped_by_a_signal_does_not_answer(do: Do) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        healthy = await worker.ping()
        assert healthy.descriptors > 3
        assert healthy.memory_bytes > 0
        for pid in _family(worker.pid):
            os.kill(pid, signal.SIGSTOP)
        with pytest.raises(WorkerLost, match="did not answer for 2 s"):
            await worker.ping()
        assert await worker.stop(0.1) == ()
        assert await backend.close(1.0) == ()

    do(go())


def _family(pid: int | None) -> list[int]:
    assert pid is not None
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        found += [int(child) for child in children.read_text().split()]
    return found


def test_a_batch_tells_how_far_it_came(do: Do, worker: EmbeddedWorker) -> None:
    codes = ("x = 1", "import os; os._exit(4)", "x = 3")
    results = do(worker.run_batch(BatchRequest(codes=codes, outputs=("x",))))
    assert [result.status for result in results] == ["ok", "error"]
    assert results[1].facts.exit_code == 4


def test_nothing_of_a_run_stays_on_the_disk(do: Do, worker: EmbeddedWorker) -> None:
    folder = worker._folder
    assert folder is not None
    do(worker.run(RunRequest(code="open('x', 'w').write('1')", files={"a/b": b""})))
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert left == []
