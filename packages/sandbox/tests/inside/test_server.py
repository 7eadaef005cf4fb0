from __future__ import annotations

import asyncio
import os
import subprocess
import sys
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


@pytest.mark.needs("root")
def test_what_a_program_may_read_of_proc_it_may_still_after_a_long_wait() -> None:
    """For want of memory the kernel forgets names; of a ``/proc`` that is mounted anew, at once."""
    alone = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
    done = subprocess.run(
        [*alone, sys.executable, "-c", _FORGETFUL], capture_output=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == (b"[] 1\n", b"")


_FORGETFUL = """
import subprocess, time
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.sync import SyncSandboxPool

LOOK = '''
import os
refused = []
for name in ("self/statm", "self/maps", "self/fdinfo/1", "self/cgroup", "meminfo", "cpuinfo"):
    try:
        open(f"/proc/{name}").read()
    except OSError:
        refused.append(name)
os.listdir("/proc/self/fd")
'''
with SyncSandboxPool(workers=1, libraries=(), avoid=("namespaces",)) as pool:
    for _ in range(3):
        subprocess.run(["mount", "-o", "remount", "/proc"], check=True)
        result = pool.run(RunRequest(code=LOOK, outputs=("refused",)))
        time.sleep(0.3)  # the next seat is there
print(result.output("refused"), result.facts.attempts)
"""


def test_the_server_ends_when_its_host_hangs_up() -> None:
    pool = SyncSandboxPool(libraries=())
    pool.start()
    pids = pool.worker_pids()
    assert pids
    assert pool.stop(grace=1).failures == ()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_worker_is_one_process_and_the_template_its_parent() -> None:
    """Each further one would cost memory and have to be ended."""
    with SyncSandboxPool(libraries=(), spares=0, workers=2) as pool:
        workers = set(pool.worker_pids())
        everyone = census.below(os.getpid())
        (template,) = {process.parent for process in everyone if process.pid in workers}
        below = {process.pid for process in census.below(template)}
        parents = [process.parent for process in everyone if process.pid == template]
    assert below == workers
    assert parents == [os.getpid()]


def test_a_seat_that_has_no_folder_yet_is_made_as_soon_as_it_can() -> None:
    """As on a full disk: other runs fill it, and none of them may cost this worker."""

    async def go() -> bool:
        backend = EmbeddedBackend(libraries=(), spares=0)
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        assert (await worker.run(RunRequest(code="x = 1"))).ok  # on the seat of the start
        folder = worker._folder
        assert folder is not None
        away = folder.rename(folder.with_name("away"))
        run = asyncio.ensure_future(worker.run(RunRequest(code="x = 1")))
        await asyncio.sleep(0.5)
        away.rename(folder)
        result = await run
        assert await worker.stop(1.0) == ()
        await backend.close(1.0)
        return result.ok

    assert asyncio.run(go())
