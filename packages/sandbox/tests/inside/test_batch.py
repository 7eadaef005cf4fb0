from __future__ import annotations

import time

import pytest

from tracemill_sandbox.request import MIB, Limits
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox


def go(pool: SyncSandboxPool, *codes: str, limits: Limits | None = None) -> list[RunResult]:
    return list(pool.submit_many(codes, outputs=("x",), limits=limits or Limits()))


def test_each_snippet_has_its_own_names_output_and_code(pool: SyncSandboxPool) -> None:
    results = go(
        pool,
        "x = 1\nprint('one')",
        "print('x' in globals())\nimport sys; print('two', file=sys.stderr); sys.exit(3)",
        "x = 1 / 0",
        "import os; os.system('echo from a child'); x = 4",
    )
    assert [r.status for r in results] == ["ok", "error", "error", "ok"]
    assert [r.claims.exit_code for r in results] == [0, 3, 1, 0]
    assert [r.claims.stdout for r in results] == ["one\n", "False\n", "", "from a child\n"]
    assert results[1].claims.stderr == "two\n"
    assert "line 1" in results[2].claims.stderr
    assert [r.output("x") for r in results] == [1, None, None, 4]


@pytest.mark.parametrize(
    ("fatal", "status"),
    [
        ("import os; os.kill(os.getpid(), 11)", "killed"),
        ("import os; os._exit(0)", "error"),
        ("while True: pass", "timeout"),
        ("import ctypes; ctypes.string_at(0)", "killed"),
    ],
)
def test_a_snippet_that_takes_the_process_with_it_ends_only_itself(
    pool: SyncSandboxPool, fatal: str, status: str
) -> None:
    results = go(pool, "x = 1", fatal, "x = 3", limits=Limits(wall_seconds=1.0))
    assert [r.status for r in results] == ["ok", status, "ok"]
    assert results[2].output("x") == 3


@pytest.mark.parametrize(
    "fork",
    [
        "import os\nos.fork()\nx = 0",
        "import os\nif os.fork(): os.wait()\nx = 0",
        "import os\nos.fork()\nx = 0\nraise SystemExit",
    ],
    ids=["beside", "before", "by exit"],
)
def test_a_snippet_that_forks_shifts_no_results(pool: SyncSandboxPool, fork: str) -> None:
    for _ in range(3):
        results = go(pool, fork, "x = 1", "x = 2", "x = 3")
        assert [r.output("x") for r in results] == [0, 1, 2, 3]
        assert [r.status for r in results] == ["ok"] * 4


def test_a_copy_of_a_snippet_ends_like_a_script(pool: SyncSandboxPool) -> None:
    code = (
        "import os, sys\ncopy = os.fork() == 0\nprint('copy' if copy else 'main')\n"
        "if copy: sys.exit(7)\nx = os.waitstatus_to_exitcode(os.wait()[1])"
    )
    first, second = go(pool, code, "x = 1")
    assert (first.output("x"), first.status) == (7, "ok")
    assert sorted(first.claims.stdout.split()) == ["copy", "main"]
    assert (second.output("x"), second.claims.stdout) == (1, "")


def test_threads_of_a_snippet_are_waited_for(pool: SyncSandboxPool) -> None:
    late = (
        "import threading, time\n"
        "def say():\n    time.sleep(0.1)\n    print('late')\n"
        "threading.Thread(target=say).start()"
    )
    assert [r.claims.stdout for r in go(pool, late, "print('next')")] == ["late\n", "next\n"]


def test_a_batch_ends_in_time_when_its_last_snippet_keeps_the_process_alive(
    pool: SyncSandboxPool,
) -> None:
    """After its results it holds up what the process does last, though not for all snippets."""
    hold = (
        "import resource, time\ncalls = []\nplain = resource.setrlimit\n"
        "def hold(*given):\n    calls.append(plain(*given))\n"
        "    len(calls) > 1 and time.sleep(60)\n"  # the first call is before the results
        "resource.setrlimit = hold"
    )
    began = time.monotonic()
    results = go(pool, *["x = 1"] * 60, hold, limits=Limits(wall_seconds=0.5))
    assert [r.status for r in results] == ["ok"] * 61
    assert time.monotonic() - began < 15  # of the 30.5 s that all snippets together have


def test_output_is_cut_for_each_snippet(pool: SyncSandboxPool) -> None:
    limits = Limits(output_bytes=10)
    results = go(pool, "print('a' * 100)", "print('b')", limits=limits)
    assert [(r.claims.stdout, r.claims.truncated) for r in results] == [
        ("a" * 10, True),
        ("b\n", False),
    ]


def test_a_memory_error_leaves_the_next_snippet_its_memory(pool: SyncSandboxPool) -> None:
    limits = Limits(memory_bytes=128 * MIB)
    results = go(pool, "bytearray(1 << 30)", "x = len(bytearray(50 << 20))", limits=limits)
    assert [r.status for r in results] == ["memory", "ok"]


def test_of_the_variables_of_a_snippet_only_its_outputs_are_told(pool: SyncSandboxPool) -> None:
    (result,) = go(pool, "from __future__ import annotations\na = 1\nx = a + 1")
    assert (result.output("x"), result.claims.bindings) == (2, ())
