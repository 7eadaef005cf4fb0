from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tracemill_sandbox import census
from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox


def test_neither_host_nor_server_keeps_a_descriptor_of_a_run() -> None:
    async def go() -> list[tuple[int, int]]:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        counts = []
        for _ in range(4):
            for _ in range(5):
                assert (await worker.run(RunRequest(code="x = 1"))).ok
            await asyncio.sleep(0.3)  # the last run's process is reaped, the next seat is there
            host = len(list(Path("/proc/self/fd").iterdir()))
            counts.append((host, (await worker.ping()).descriptors))
        await worker.stop(1.0)
        await backend.close(1.0)
        return counts

    counts = asyncio.run(go())
    assert len(set(counts[1:])) == 1, counts


def test_the_server_ends_when_its_host_hangs_up() -> None:
    pool = SyncSandboxPool(libraries=())
    pool.start()
    pids = pool.worker_pids()
    assert pids
    assert pool.stop(grace=1).failures == ()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_worker_is_one_process_and_the_template_its_parent() -> None:
    """Each further one would cost memory and have to be ended."""
    others = {process.pid for process in census.below(os.getpid())}
    with SyncSandboxPool(libraries=(), spares=0, workers=2) as pool:
        below = [each for each in census.below(os.getpid()) if each.pid not in others]
        workers = set(pool.worker_pids())
        parents = {process.parent for process in below if process.pid in workers}
    assert len(parents) == 1
    assert {process.pid for process in below} == workers | parents
