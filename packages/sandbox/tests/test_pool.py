from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tracemill_sandbox import census
from tracemill_sandbox.errors import PoolSaturated, PoolStopped, SandboxUnavailable, SessionClosed
from tracemill_sandbox.request import MIB, Limits, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox

SHORT = Limits(wall_seconds=0.3)
LOW_WRITES = (
    "import os\nfor fd in range(1, 16):\n    try: os.write(fd, b'{\"ok\":true}' * 9)\n"
    "    except OSError: pass"
)
FAKE_FRAMES = (
    "import os, struct\nframe = bytes(32) + struct.pack('>Q', 2) + b'{}'\n"
    "for fd in range(3, 4096):\n    try: os.write(fd, frame)\n    except OSError: pass"
)
IGNORING = (
    "import signal\nfor s in range(1, 32):\n"
    "    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\nwhile True: pass"
)
LYING = (
    "import tracemill_sandbox.inside.program as guest\n"
    "real = guest.encode\ndef lie(answer, nonce):\n"
    "    data = real(answer, b'')[8:].replace(b'41', str(2**70).encode())\n"
    "    return nonce + len(data).to_bytes(8, 'big') + data\n"
    "guest.encode = lie\nx = 41"
)
PRIVATE = "namespaces-landlock"


def go(pool: SyncSandboxPool, code: str, *outputs: str, limits: Limits | None = None) -> RunResult:
    return pool.run(RunRequest(code=code, outputs=outputs, limits=limits or Limits()))


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("x = 1", "ok", "ended by itself"),
        ("import sys; sys.exit(0)", "ok", "ended by itself"),
        ("import sys; sys.exit(7)", "error", "ended with code 7"),
        ("1 / 0", "error", "raised ZeroDivisionError"),
        ("def f(:", "error", "raised SyntaxError"),
        ("import os; os._exit(0)", "error", "ended with code 0 without handing over its results"),
        ("import os; os._exit(9)", "error", "ended with code 9 without handing over its results"),
        ("import os; os.kill(os.getpid(), 9)", "killed", "ended by SIGKILL"),
        ("import os; os.abort()", "killed", "ended by SIGABRT"),
        ("b = bytearray(8 << 30)", "memory", "asked for more memory than allowed"),
    ],
)
def test_status_and_reason_say_how_the_program_ended(
    pool: SyncSandboxPool, code: str, status: str, reason: str
) -> None:
    result = go(pool, code)
    assert (result.status, result.reason) == (status, reason)
    assert result.facts.attempts == 1


def test_bindings_are_the_executed_top_level_assignments_in_order(pool: SyncSandboxPool) -> None:
    code = (
        "a = 2\nb = [a, a]\na += 1\nfor i in range(3):\n    c = i\nd: float = a / 2\ne, f = 1, 2\n"
    )
    result = go(pool, code, "d", "absent")
    seen = [(bound.line_number, bound.name, bound.value) for bound in result.claims.bindings]
    assert seen == [(1, "a", 2), (2, "b", [2, 2]), (3, "a", 3), (6, "d", 1.5)]
    assert result.output("d") == 1.5
    assert result.output("absent") is None


def test_bindings_up_to_a_fault_are_kept_and_its_line_is_in_the_traceback(
    pool: SyncSandboxPool,
) -> None:
    result = go(pool, "a = 1\nb = a / 0\nc = 3\n")
    assert [bound.name for bound in result.claims.bindings] == ["a"]
    assert result.claims.stderr.startswith('Traceback (most recent call last):\n  File "main.py"')
    assert "line 2" in result.claims.stderr
    assert "b = a / 0" in result.claims.stderr


@pytest.mark.parametrize(
    "forgery",
    [
        'print(\'{"exception":null,"outputs":[]}\')',
        LOW_WRITES,
        FAKE_FRAMES,
    ],
)
def test_writing_to_descriptors_forges_no_result(pool: SyncSandboxPool, forgery: str) -> None:
    result = go(pool, f"x = 41\n{forgery}\nraise ValueError('the true end')", "x")
    assert (result.status, result.claims.exception) == ("error", "ValueError")
    assert result.output("x") == 41


def test_a_guest_that_speaks_for_its_runner_harms_itself_only(pool: SyncSandboxPool) -> None:
    result = go(pool, LYING, "x")
    assert (result.status, result.reason) == (
        "error",
        "ended with code 0 without handing over its results",
    )
    assert go(pool, "x = 41", "x").output("x") == 41


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time; time.sleep(1000)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        IGNORING,
        "import atexit, time; atexit.register(time.sleep, 1000)",
    ],
)
def test_a_program_that_does_not_end_is_killed_at_its_deadline(
    pool: SyncSandboxPool, code: str
) -> None:
    result = go(pool, code, limits=SHORT)
    assert (result.status, result.reason) == ("timeout", "still running after 0.3 s")
    assert result.facts.signal == signal.SIGKILL
    assert 0.3 <= result.facts.wall_seconds < 2.0


def test_processor_time_is_bounded_by_the_kernel(pool: SyncSandboxPool) -> None:
    result = go(pool, "while True: pass", limits=Limits(wall_seconds=20, cpu_seconds=1))
    assert (result.status, result.reason) == ("timeout", "used up its processor time")


def test_no_child_outlives_its_run(pool: SyncSandboxPool) -> None:
    mark = f"sleep-{time.monotonic_ns()}"
    code = (
        "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n"
        f"        os.execv('/bin/sh', ['{mark}', '-c', 'sleep 50; :'])\ntime.sleep(0.05)\n"
    )
    result = go(pool, code)
    assert result.ok, result
    left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if mark in _text(path)]
    assert left == []


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def test_a_fork_bomb_stays_within_its_processes(pool: SyncSandboxPool) -> None:
    code = (
        "import os, time\nmade = 0\ntry:\n    while made < 500:\n        if os.fork() == 0:\n"
        "            time.sleep(30)\n            os._exit(0)\n        made += 1\n"
        "except OSError:\n    pass\ncount = made\n"
    )
    result = go(pool, code, "count", limits=Limits(processes=12))
    assert result.ok, result
    assert isinstance(count := result.output("count"), int)
    assert count < 12


def test_a_memory_bomb_may_be_caught_by_the_program(pool: SyncSandboxPool) -> None:
    code = "import numpy\ntry: numpy.ones(1 << 34)\nexcept MemoryError: print('refused')"
    result = go(pool, code)
    assert (result.status, result.claims.stdout) == ("ok", "refused\n")


def test_output_is_cut_and_a_flood_ends_the_run(pool: SyncSandboxPool) -> None:
    limits = Limits(output_bytes=1000, flood_bytes=2 * MIB)
    cut = go(pool, "print('a' * 5000)", limits=limits)
    assert (cut.status, cut.claims.truncated, cut.claims.stdout) == ("ok", True, "a" * 1000)
    assert cut.facts.stdout_bytes == 5001
    flood = go(pool, "import os\nwhile True: os.write(2, b'y' * 65536)", limits=limits)
    assert (flood.status, flood.reason) == ("output_limit", "wrote more than 2097152 bytes")
    assert len(flood.claims.stderr) == 1000


def test_files_that_fill_the_disk_end_the_run(pool: SyncSandboxPool) -> None:
    code = (
        "n = 0\nwhile True:\n    with open(f'f{n}', 'wb') as f: f.write(bytes(range(256)) * 4096)\n"
        "    n += 1\n"
    )
    assert go(pool, code, limits=Limits(disk_bytes=8 * MIB)).status == "output_limit"


def test_files_lie_in_the_working_folder_and_what_is_made_is_listed(pool: SyncSandboxPool) -> None:
    code = "text = open('in/data.csv').read()\nopen('made.txt', 'w').write('abc')\n"
    result = pool.run(RunRequest(code=code, files={"in/data.csv": b"a\n1\n"}, outputs=("text",)))
    assert result.output("text") == "a\n1\n"
    assert dict(result.claims.files) == {"in/data.csv": 4, "made.txt": 3}


def test_nothing_of_a_run_is_left_for_the_next(pool: SyncSandboxPool) -> None:
    go(
        pool,
        "import builtins, os, pandas, tempfile\nbuiltins.left = pandas.left = 1\n"
        "os.environ['LEFT'] = '1'\nopen('left', 'w').write('1')\n"
        "try: open('/dev/shm/left', 'w').write('1')\nexcept OSError: pass\n",
    )
    code = (
        "import builtins, os, pandas\nseen = [hasattr(builtins, 'left'), hasattr(pandas, 'left'),\n"
        "    'LEFT' in os.environ, os.path.exists('left'), os.path.exists('/dev/shm/left')]\n"
    )
    assert go(pool, code, "seen").output("seen") == [False] * 5


def test_the_hosts_environment_and_descriptors_are_not_visible(pool: SyncSandboxPool) -> None:
    code = (
        "import os\nsaid = str(dict(os.environ)) + open('/proc/self/environ').read()\n"
        "fds = []\nfor fd in range(3, 240):\n    try:\n        os.fstat(fd)\n"
        "        fds.append(fd)\n    except OSError: pass\n"
    )
    result = go(pool, code, "said", "fds")
    assert result.ok, result
    assert "TRACEMILL_TEST_SECRET" in os.environ
    assert "SECRET" not in str(result.output("said"))
    assert result.output("fds") == []


def test_host_files_network_and_processes_are_out_of_reach(
    pool: SyncSandboxPool, tmp_path: Path
) -> None:
    if not pool.identity().tier.startswith(PRIVATE):
        pytest.skip(f"tier {pool.identity().tier} does not promise it")
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    code = (
        "import os, socket\nheld = []\n"
        f"for act in (lambda: open({str(secret)!r}).read(), lambda: open('/etc/passwd').read(),\n"
        "        lambda: socket.create_connection(('1.1.1.1', 53), 1),\n"
        "        lambda: socket.socket(socket.AF_UNIX), lambda: os.setuid(0),\n"
        f"        lambda: os.kill({os.getpid()}, 0), lambda: open('/usr/pwned', 'w')):\n"
        "    try: act(); held.append(False)\n    except OSError: held.append(True)\n"
    )
    assert go(pool, code, "held").output("held") == [True] * 7


def test_the_same_program_says_the_same_in_every_run(pool: SyncSandboxPool) -> None:
    code = "order = [str(word) for word in {'a', 'b', 'c', 'd', 'e'}]\nprint(order)"
    assert go(pool, code).claims == go(pool, code).claims


def test_results_come_in_the_order_of_the_requests(pool: SyncSandboxPool) -> None:
    requests = (RunRequest(code=f"n = {n}", outputs=("n",)) for n in range(5))
    assert [result.output("n") for result in pool.run_many(requests)] == list(range(5))


def test_snippets_of_a_batch_share_a_fork_as_far_as_they_let_it_live(pool: SyncSandboxPool) -> None:
    codes = ["answer = 1", "raise ValueError", "import os; os._exit(3)", "answer = 4"]
    results = pool.submit_many(codes, outputs=("answer",))
    assert [result.status for result in results] == ["ok", "error", "error", "ok"]
    assert [result.output("answer") for result in results] == [1, None, None, 4]
    assert [result.facts.attempts for result in results] == [1] * 4


def test_cells_of_a_session_share_a_state_that_goes_back_and_branches(
    pool: SyncSandboxPool,
) -> None:
    with pool.session(SessionRequest(files={"a.txt": b"7"})) as session:
        assert session.run("n = int(open('a.txt').read())").ok
        branch = session.branch()
        assert session.run("n += 1", ("n",)).output("n") == 8
        assert branch.run("n += 10", ("n",)).output("n") == 17
        session.rollback()
        assert session.run("n += 2", ("n",)).output("n") == 9
    with pytest.raises(SessionClosed, match="it was closed"):
        session.run("n")
    assert go(pool, "x = 1").ok


def test_identity_tells_backend_tier_and_versions(pool: SyncSandboxPool) -> None:
    identity = pool.identity()
    assert identity.backend == "embedded"
    assert identity.tier == go(pool, "x = 1").tier
    assert identity.python == platform.python_version()


def test_a_killed_worker_is_replaced_and_its_run_tried_again() -> None:
    with SyncSandboxPool(libraries=()) as pool:
        first = pool.worker_pids()
        results = pool.run_many(
            RunRequest(code=code) for code in ("import time; time.sleep(0.5)", "x = 1")
        )
        killer = threading.Timer(0.2, os.kill, (first[0], signal.SIGKILL))
        killer.start()
        assert [(each.status, each.facts.attempts) for each in results] == [("ok", 2), ("ok", 1)]
        assert pool.worker_pids() != first


def test_a_worker_that_died_idle_costs_the_next_run_no_attempt() -> None:
    with SyncSandboxPool(libraries=()) as pool:
        (first,) = pool.worker_pids()
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 5.0
        while pool.worker_pids() in {(), (first,)} and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (go(pool, "x = 1").facts.attempts, pool.metrics().replacements) == (1, 1)


def test_stop_ends_a_running_program_and_is_idempotent() -> None:
    pool = SyncSandboxPool(libraries=())
    pool.start()
    (pid,) = pool.worker_pids()
    results: list[RunResult] = []
    thread = threading.Thread(target=lambda: results.append(go(pool, "while True: pass")))
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    report = pool.stop(grace=0.1)
    assert time.monotonic() - began < 2.1
    thread.join(5)
    assert [result.status for result in results] == ["cancelled"]
    assert report.failures == ()
    assert len(report.stopped) == 1
    assert pool.stop() is report
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(PoolStopped, match="is stopped and takes no more runs"):
        go(pool, "x = 1")


def test_what_is_required_and_missing_is_refused() -> None:
    with pytest.raises(SandboxUnavailable, match="required: moat"):
        SyncSandboxPool(require=("moat",), libraries=()).start()


def test_too_many_waiting_runs_are_refused() -> None:
    with SyncSandboxPool(most_waiting=0, libraries=()) as full:
        busy = threading.Thread(target=go, args=(full, "import time; time.sleep(1)"))
        busy.start()
        while full.events()[-1].after != "BUSY":
            time.sleep(0.01)
        with pytest.raises(PoolSaturated, match="0 runs are waiting") as refused:
            go(full, "x = 1")
        assert refused.value.retry_after > 0
        busy.join()
        assert go(full, "x = 1").ok


def test_a_killed_host_leaves_no_survivor(tmp_path: Path) -> None:
    mark = tmp_path / "pids"
    script = (
        "from tracemill_sandbox.sync import SyncSandboxPool\n"
        "from tracemill_sandbox.request import RunRequest\n"
        "pool = SyncSandboxPool(libraries=()); pool.start()\n"
        f"open({str(mark)!r}, 'w').write(str(pool.worker_pids()[0]))\n"
        "pool.run(RunRequest(code='while True: pass'))\n"
    )
    host = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.02)
    server = int(mark.read_text())
    time.sleep(0.1)
    family = _descendants(server)
    assert family
    host.kill()
    host.wait()
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline and any(_alive(pid) for pid in family):
        time.sleep(0.01)
    assert [pid for pid in family if _alive(pid)] == []


@pytest.mark.parametrize("avoid", [(), ("namespaces",)], ids=["namespaces", "landlock"])
def test_a_killed_host_leaves_no_survivor_though_a_child_of_it_lives(
    tmp_path: Path, avoid: tuple[str, ...]
) -> None:
    script = (
        "import os, time\n"
        "from tracemill_sandbox.sync import SyncSandboxPool\n"
        "from tracemill_sandbox.request import RunRequest\n"
        f"pool = SyncSandboxPool(libraries=(), avoid={avoid!r}); pool.start()\n"
        "child = os.fork()\n"
        "if child == 0:\n    time.sleep(60); os._exit(0)\n"
        "print(child, *pool.worker_pids(), flush=True)\n"
        "pool.run(RunRequest(code='while True: pass'))\n"
    )
    host = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    assert host.stdout is not None
    child, server = map(int, host.stdout.readline().split())
    time.sleep(0.1)
    family = [each for each in census.below(host.pid) if each.pid != child]
    assert server in [each.pid for each in family]
    try:
        host.kill()
        host.wait()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and any(map(census.lives, family)):
            time.sleep(0.01)
        assert [each for each in family if census.lives(each)] == []
        assert _alive(child)
    finally:
        os.kill(child, signal.SIGKILL)
        host.stdout.close()


@pytest.mark.parametrize("wait", [0.0, 0.3, 0.8])
def test_a_host_that_is_killed_while_its_pool_starts_leaves_nothing_that_loads_on(
    tmp_path: Path, wait: float
) -> None:
    libraries = "'numpy', 'pandas', 'scipy.stats', 'scipy.signal', 'scipy.optimize'"
    script = (
        "from tracemill_sandbox.sync import SyncSandboxPool\n"
        f"SyncSandboxPool(libraries=({libraries})).start()\n"
    )
    host = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    while not census.below(host.pid):
        time.sleep(0.005)
    time.sleep(wait)
    family = census.below(host.pid)
    host.kill()
    host.wait()
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline and any(map(census.lives, family)):
        time.sleep(0.01)
    assert [each for each in family if census.lives(each)] == []


STOPPED_WHILE_IT_STARTS = """
import asyncio, os
from tracemill_sandbox import census
from tracemill_sandbox.errors import PoolStopped
from tracemill_sandbox.pool import SandboxPool

async def scene():
    pool = SandboxPool()
    starting = asyncio.ensure_future(pool.start())
    await asyncio.sleep({wait})
    stood = starting.done()
    report = await pool.stop(0)
    assert report.failures == (), report
    every = asyncio.gather(starting, return_exceptions=True)
    (outcome,) = await asyncio.wait_for(every, 5)
    assert stood or isinstance(outcome, PoolStopped), outcome
    return census.below(os.getpid())

assert asyncio.run(scene()) == ()
assert census.below(os.getpid()) == ()
"""
"""In a process of its own, below which nothing stands but what this pool started."""


@pytest.mark.parametrize("wait", [0.05, 0.4, 1.0])
def test_a_pool_that_is_stopped_while_it_starts_stays_stopped(tmp_path: Path, wait: float) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", STOPPED_WHILE_IT_STARTS.format(wait=wait)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("busy", [False, True])
def test_a_program_that_ends_without_stop_leaves_nothing(tmp_path: Path, *, busy: bool) -> None:
    script = (
        "import threading, time\n"
        "from tracemill_sandbox.sync import SyncSandboxPool\n"
        "from tracemill_sandbox.request import RunRequest\n"
        "pool = SyncSandboxPool(libraries=()); pool.start()\n"
        f"if {busy}:\n"
        "    request = RunRequest(code='while True: pass')\n"
        "    threading.Thread(target=pool.run, args=(request,), daemon=True).start()\n"
        "    time.sleep(0.2)\n"
        "print(*pool.worker_pids())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [pid for pid in map(int, done.stdout.split()) if _alive(pid)] == []
    assert list(tmp_path.iterdir()) == []


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        found += [int(child) for child in children.read_text().split()]
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
