from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from tracemill_sandbox.embedded.channel import close_all
from tracemill_sandbox.inside import entry
from tracemill_sandbox.inside.frame import NONCE_BYTES
from tracemill_sandbox.inside.job import Bounds, Job, Orders, receive
from tracemill_sandbox.inside.prefault import Pages
from tracemill_sandbox.inside.seat import take_seat
from tracemill_sandbox.kernel import confine
from tracemill_sandbox.kernel.tier import Tier
from tracemill_sandbox.request import MIB, Limits, RunRequest
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


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # the pool of the others
def test_limits_that_the_kernel_refuses_are_no_verdict_on_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(confine, "limit", refuse)
    place = entry.Place(
        folder=str(tmp_path),
        tier=Tier(namespaces=False, landlock=False, seccomp=False),
        uid=os.getuid(),
        pages=Pages(),
    )
    orders = Orders(
        kind="program",
        codes=("print('it ran')",),
        outputs=(),
        limits=Limits(),
        nonce=b"n" * NONCE_BYTES,
        subprocess=True,
    )
    bounds = Bounds(
        wall_seconds=10.0, memory_bytes=1 << 30, disk_bytes=MIB, file_bytes=MIB, processes=9
    )
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as said:
        request.write(orders.to_bytes())
        request.seek(0)
        job = Job(
            request=request.fileno(),
            result=said.fileno(),
            stdout=said.fileno(),
            stderr=said.fileno(),
            status=theirs.detach(),
        )
        seat = take_seat(0, place, own_namespace=-1, not_for_it=())
        run = seat.begin(job, bounds, others=lambda _: ())
        run.tell(seat.reap())
        seat.close()
        messages = [receive(ours), receive(ours)]
        assert said.tell() == 0
    assert messages[0] is not None
    close_all(messages[0][1])
    assert messages[1] == ({"failed": "not allowed to raise maximum limit"}, [])
