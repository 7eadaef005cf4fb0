"""The host's side of a cold run: deadlines, bounds, the end of the whole group."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from tracemill_sandbox.cold.process import ColdProcess
from tracemill_sandbox.embedded.exchange import Capture
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.frame import NONCE_BYTES
from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.request import MIB, Limits

pytestmark = pytest.mark.sandbox

ENDED = {
    "time": ("while True: pass", Limits(wall_seconds=0.5), "timeout", "still running after 0.5 s"),
    "stdout": (
        "while True: print('x' * 1000)",
        Limits(flood_bytes=MIB),
        "output_limit",
        "wrote more than 1048576 bytes",
    ),
    "result channel": (
        "import os\nwhile True: os.write(5, b'x' * 1000)",
        Limits(result_bytes=1000),
        "output_limit",
        "wrote more than the result channel takes",
    ),
}


def orders(code: str, limits: Limits) -> Orders:
    """Return the orders of one program."""
    return Orders(
        kind="program",
        codes=(code,),
        outputs=(),
        limits=limits,
        nonce=b"n" * NONCE_BYTES,
        subprocess=True,
    )


def carry_out(code: str, folder: Path, limits: Limits | None = None) -> Capture:
    """Run one program to its end."""

    async def run() -> Capture:
        return await ColdProcess(orders(code, limits or Limits()), folder).carry_out()

    return asyncio.run(run())


def test_what_the_program_wrote_and_bound_comes_back(tmp_path: Path) -> None:
    capture = carry_out("import sys\nx = 1\nprint('out')\nprint('err', file=sys.stderr)", tmp_path)
    assert (bytes(capture.stdout.kept), bytes(capture.stderr.kept)) == (b"out\n", b"err\n")
    assert [said.name for said in capture.answers[0].bindings] == ["x"]
    assert (capture.cause, capture.ended.wait_status) == (None, 0)
    assert capture.ended.cpu_seconds > 0
    assert MIB < capture.ended.peak_memory_bytes < 1024 * MIB


@pytest.mark.parametrize("case", ENDED)
def test_a_program_that_goes_too_far_is_ended(case: str, tmp_path: Path) -> None:
    code, limits, cause, reason = ENDED[case]
    if "os.write(5" in code:  # whatever its number is: the last pipe that the program holds
        code = (
            "import os, stat\n"
            "pipes = [n for n in range(3, 64) if os.path.exists(f'/dev/fd/{n}')\n"
            "         and stat.S_ISFIFO(os.fstat(n).st_mode)]\n"
            "while True: os.write(pipes[-1], b'x' * 1000)"
        )
    capture = carry_out(code, tmp_path, limits)
    assert (capture.cause, capture.reason) == (cause, reason)
    assert len(capture.stdout.kept) <= limits.output_bytes


def test_a_program_that_fills_the_disk_is_ended(tmp_path: Path) -> None:
    code = "import time\nopen('big', 'wb').write(b'x' * 3_000_000)\ntime.sleep(60)"
    capture = carry_out(code, tmp_path, Limits(disk_bytes=MIB))
    assert capture.cause == "output_limit"
    assert capture.reason.startswith("its files hold ")


def test_what_a_program_leaves_behind_in_its_group_is_ended(tmp_path: Path) -> None:
    code = "import subprocess\nleft = subprocess.Popen(['sleep', '60']).pid\nprint(left)"
    left = int(carry_out(code, tmp_path).stdout.kept)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{left}/cmdline").exists() and time.monotonic() < deadline:
        time.sleep(0.01)  # until its new parent has taken note of its end
    assert (
        not Path(f"/proc/{left}").exists()
        or b"sleep" not in Path(f"/proc/{left}/cmdline").read_bytes()
    )


def test_a_cancelled_call_ends_the_program_first(tmp_path: Path) -> None:
    async def run() -> int:
        process = ColdProcess(orders("import time\ntime.sleep(60)", Limits()), tmp_path)
        task = asyncio.create_task(process.carry_out())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return process.pid

    pid = asyncio.run(run())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_worker_is_no_verdict_on_the_program(tmp_path: Path) -> None:
    async def run() -> None:
        process = ColdProcess(orders("import time\ntime.sleep(60)", Limits()), tmp_path)
        asyncio.get_running_loop().call_later(0.1, process.kill)
        with pytest.raises(WorkerLost, match="the worker was killed during the run"):
            await process.carry_out()

    asyncio.run(run())


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    carry_out("x = 1", tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_nothing_of_the_hosts_environment_reaches_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACEMILL_TEST_SECRET", "known-only-to-the-host")
    capture = carry_out("import os\nprint(sorted(os.environ))", tmp_path)
    assert bytes(capture.stdout.kept).decode() == (
        "['HOME', 'LANG', 'PATH', 'PYTHONHASHSEED', 'TMPDIR', 'TZ']\n"
    )
