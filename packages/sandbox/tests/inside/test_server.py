from __future__ import annotations

import time
from pathlib import Path

import pytest

from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import RunRequest

pytestmark = pytest.mark.sandbox


def test_the_server_keeps_no_descriptor_of_a_run(pool: SandboxPool) -> None:
    pool.run(RunRequest(code="x = 1"))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        assert pool.run(RunRequest(code="x = 1")).ok
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_server_ends_when_its_host_hangs_up() -> None:
    pool = SandboxPool(libraries=())
    pool.start()
    (pid,) = pool.worker_pids()
    began = time.monotonic()
    assert pool.stop(grace=1).failures == ()
    assert time.monotonic() - began < 1  # it was not killed, it left
    assert not Path(f"/proc/{pid}").exists()
