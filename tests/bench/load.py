"""Runs the workload on pools, looks at every answer, and at what the pools hold meanwhile."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tracemill_sandbox import census, measure
from tracemill_sandbox.census import Process
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.sync import SyncSandboxPool

ANSWER = measure.answer()
BATCH = 64
PLAIN = RunRequest(code="answer = sum(range(100))", outputs=("answer",))
SETTLE_SECONDS = 0.5
"""After the last run: until the spare is made and the ended processes are gone."""


def run(pool: SyncSandboxPool) -> None:
    """Run the workload once."""
    check(pool.run(measure.workload()))


def check(result: RunResult) -> None:
    """End with a word if a run did not give the answer."""
    if result.output("answer") != ANSWER:
        sys.exit(f"wanted the answer of the workload, got {result.status}: {result.reason}")


def run_many(pool: SyncSandboxPool, number: int) -> int:
    """Run the workload, look at each answer; return how many infrastructure errors there were."""
    request, failed = measure.workload(), 0
    for result in pool.run_many(request for _ in range(number)):
        if result.status == "infra_error":
            failed += 1
        else:
            check(result)
    return failed


def warm_up(*pools: SyncSandboxPool) -> None:
    """Run a few times, so that all that is made but once is made."""
    for pool in pools:
        run_many(pool, 10)
    time.sleep(SETTLE_SECONDS)


def cpu_seconds(pool: SyncSandboxPool, runs: int) -> float:
    """Return the processor time that runs take, one after the other, in all processes."""
    before = measure.cpu_seconds()
    for _ in range(runs):
        run(pool)
    time.sleep(SETTLE_SECONDS)  # the last spare is made and the last process is waited for
    return measure.cpu_seconds() - before


def snippet_rate(pool: SyncSandboxPool, request: RunRequest) -> float:
    """Return how many snippets a second a pool runs in batches."""
    number = 8 * BATCH

    def run_all() -> None:
        codes, outputs = [request.code] * number, request.outputs
        for result in pool.submit_many(codes, files=request.files, outputs=outputs, per_fork=BATCH):
            if not result.ok:
                sys.exit(f"wanted a snippet that ends well, got {result.status}: {result.reason}")

    return number / measure.timed(run_all)


def memory_in_flight(runs: int, *, spares: int = 1) -> int:
    """Return the memory in bytes of a pool with as many workers, each with a run in flight."""
    request = measure.workload()
    waiting = RunRequest(
        code=f"{request.code}open('there', 'w')\nimport time\ntime.sleep(3)\n",
        files=request.files,
    )
    with SyncSandboxPool(workers=runs, spares=spares) as pool, ThreadPoolExecutor(runs) as threads:
        warm_up(pool)
        flights = [threads.submit(pool.run, waiting) for _ in range(runs)]
        time.sleep(1.5)  # half of their sleep: all have computed, none has ended
        used = census.memory_bytes(process.pid for process in census.below(os.getpid()))
        for flight in flights:
            if not flight.result().ok:
                sys.exit(f"a run in flight ended badly: {flight.result().reason}")
    return used


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What an idle pool holds, in the host and in its processes; memory in bytes."""

    descriptors: int
    memory: int
    host: int
    zombies: int


def standing() -> Standing:
    """Look at this process and all below it, once they have come to rest."""
    host = os.getpid()
    others = _settled(host)
    pids = [host, *(process.pid for process in others)]
    return Standing(
        descriptors=census.descriptors(pids),
        memory=census.memory_bytes(pids),
        host=census.memory_bytes([host]),
        zombies=sum(process.zombie for process in others),
    )


def _settled(host: int) -> Sequence[Process]:
    """Wait until no process below ``host`` comes or goes any more."""
    before: Sequence[Process] = ()
    while True:
        time.sleep(SETTLE_SECONDS)
        now = census.below(host)
        if [process.pid for process in now] == [process.pid for process in before]:
            return now
        before = now
