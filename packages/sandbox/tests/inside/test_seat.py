from __future__ import annotations

import pytest

from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox


def test_a_child_that_holds_the_output_open_does_not_hold_the_run(pool: SyncSandboxPool) -> None:
    code = (
        "import os, time\nif os.fork() == 0:\n    time.sleep(30)\n    os._exit(0)\nprint('bye')\n"
    )
    result = pool.run(RunRequest(code=code))
    assert (result.status, result.claims.stdout) == ("ok", "bye\n")
    assert result.facts.wall_seconds < 5


def test_random_numbers_differ_between_runs(pool: SyncSandboxPool) -> None:
    code = "import random, numpy\nx = [random.random(), float(numpy.random.rand())]\n"
    first, second = (pool.run(RunRequest(code=code, outputs=("x",))).output("x") for _ in "ab")
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_killing_the_first_process_of_the_run_does_not_lose_the_worker(
    pool: SyncSandboxPool,
) -> None:
    code = (
        "import os, signal\nfor pid in {1, os.getppid()} - {0}:\n"
        "    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass\n"
    )
    result = pool.run(RunRequest(code=code + "x = 1\n", outputs=("x",)))
    assert (result.status, result.output("x"), result.facts.attempts) == ("ok", 1, 1)


def test_orphans_are_reaped_while_the_run_goes_on(pool: SyncSandboxPool) -> None:
    code = (
        "import os\nmade = 0\nfor _ in range(100):\n"
        "    child = os.fork()\n    if child == 0:\n"
        "        if os.fork() == 0: os._exit(0)\n        os._exit(0)\n"
        "    os.waitpid(child, 0)\n    made += 1\n"
    )
    result = pool.run(RunRequest(code=code, outputs=("made",), limits=Limits(processes=20)))
    assert (result.status, result.output("made")) == ("ok", 100)
