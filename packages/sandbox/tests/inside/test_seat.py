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


def test_a_name_that_looks_like_a_number_harms_nobody(pool: SyncSandboxPool) -> None:
    code = (
        "import ctypes, time\nctypes.CDLL(None).prctl(15, '\u00b2'.encode(), 0, 0, 0)\n"
        "time.sleep(0.2)\n"
    )
    result = pool.run(RunRequest(code=code))
    assert (result.status, result.facts.attempts) == ("ok", 1)


@pytest.mark.needs("x86-64")  # the number of the call
def test_memory_counts_when_the_first_thread_has_ended(pool: SyncSandboxPool) -> None:
    code = (
        "import ctypes, os, threading, time\n"
        "def fill():\n    time.sleep(0.2)\n    global kept\n"
        "    kept = bytearray(b'1') * (50 << 20)\n    time.sleep(5)\n"
        "for _ in range(4):\n    if os.fork() == 0:\n"
        "        threading.Thread(target=fill).start()\n"
        "        ctypes.CDLL(None).syscall(60, 0)\n"
        "time.sleep(3)\n"
    )
    result = pool.run(RunRequest(code=code, limits=Limits(memory_bytes=96 << 20)))
    assert result.status == "memory"


@pytest.mark.parametrize(
    "code",
    [
        "import mmap; mmap.mmap(-1, 4096)",
        "f = open('/dev/zero', 'r+b')",
        "import socket as s; a, b = s.socketpair(); a.setsockopt(s.SOL_SOCKET, s.SO_SNDBUF, 9)",
    ],
)
def test_memory_that_no_limit_sees_is_refused(pool: SyncSandboxPool, code: str) -> None:
    assert pool.run(RunRequest(code=code)).claims.exception == "PermissionError"


def test_a_signal_of_its_own_is_no_used_up_time(pool: SyncSandboxPool) -> None:
    result = pool.run(RunRequest(code="import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"))
    assert (result.status, result.reason) == ("killed", "ended by SIGXCPU")
