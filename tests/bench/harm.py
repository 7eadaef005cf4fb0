"""Things that go wrong, and how long the sandbox takes to put them right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from tracemill_sandbox import census
from tracemill_sandbox.census import Process
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.sync import SyncSandboxPool

DEADLINE_SECONDS = 0.3
OVERDUE = (
    "while True: pass",
    "import time; time.sleep(60)",
    "import subprocess\nsubprocess.run(['sleep', '60'])",
    "import threading; threading.Thread(target=threading.Event().wait).start()",
)
"""Programs that do not end, each in another way."""

HOST = """
from concurrent.futures import ThreadPoolExecutor
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.sync import SyncSandboxPool
codes = ("while True: pass", "import subprocess; subprocess.run(['sleep', '60'])")
with SyncSandboxPool(workers=2) as pool, ThreadPoolExecutor(2) as threads:
    list(threads.map(lambda code: pool.run(RunRequest(code=code)), codes))
"""
"""A host with two programs in flight, one of them with a child, to be killed."""

FAMILY = 6
"""The template, two workers, their two programs and the child: wardens and spares come on top."""


def overshoot(pool: SyncSandboxPool, code: str) -> float:
    """Run a program that does not end; return the seconds from its deadline to its result."""
    request = RunRequest(code=code, limits=Limits(wall_seconds=DEADLINE_SECONDS))
    begun = time.perf_counter()
    status = pool.run(request).status
    if status != "timeout":
        sys.exit(f"wanted a timeout, got {status}: {code}")
    return time.perf_counter() - begun - DEADLINE_SECONDS


def kill_a_worker(pool: SyncSandboxPool) -> tuple[float, float]:
    """Kill an idle worker; return the seconds until it is known and until another is ready."""
    killed = time.monotonic()
    os.kill(pool.worker_pids()[0], signal.SIGKILL)
    while True:
        time.sleep(0.01)
        new = [event for event in pool.events() if event.at >= killed]
        dead = [event.at for event in new if event.after == "DEAD"]
        ready = [event.at for event in new if (event.before, event.after) == ("STARTING", "READY")]
        if dead and ready:
            return dead[0] - killed, ready[0] - killed
        if time.monotonic() > killed + 30:
            sys.exit("a killed worker was not replaced within 30 s")


def survivors_seconds() -> float:
    """Kill a host with programs in flight; return the seconds until its last process has ended."""
    host = subprocess.Popen([sys.executable, "-c", HOST])
    family = _grown(host)
    host.kill()
    killed = time.perf_counter()
    while any(map(census.lives, family)):
        time.sleep(0.001)
        if time.perf_counter() > killed + 5:
            sys.exit("processes of a killed host live on after 5 s")
    seconds = time.perf_counter() - killed
    host.wait()
    return seconds


def _grown(host: subprocess.Popen[bytes]) -> Sequence[Process]:
    """Wait until all that a host runs is there, and nothing came or went for a second."""
    before: set[int] = set()
    since = time.monotonic()
    while host.poll() is None:
        family = census.below(host.pid)
        now = {process.pid for process in family}
        if now != before:
            before, since = now, time.monotonic()
        if len(now) >= FAMILY and time.monotonic() - since > 1:
            return family
        time.sleep(0.02)
    sys.exit(f"the host that was to be killed ended by itself with code {host.returncode}")
