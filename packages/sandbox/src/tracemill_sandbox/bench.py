"""A short measurement of this machine's own pool, in turn with a cold interpreter.

Seconds of another moment say nothing, so every figure is a ratio to ``python -c "import pandas"``
or a rate, all from the same minute.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tracemill_sandbox import census, measure
from tracemill_sandbox.errors import SandboxError
from tracemill_sandbox.request import MIB
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.sync import SyncSandboxPool

_RUNS_PER_WORKER = 25
_SNIPPET = "answer = sum(range(100))"
_PER_FORK = 64


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was measured.

    Attributes:
        tier: Isolation that held.
        workers: Runs at the same time.
        rounds: Cold starts, and runs in turn with them.
        cold_seconds: Median of ``python -c "import pandas"``.
        run_seconds: Median of an isolated run that groups a small table with pandas.
        run_to_cold: The second over the first; the smaller, the better.
        start_to_cold: Time until the pool stands, over a cold start.
        runs_per_second: With all workers busy.
        snippets_per_second: In batches of 64.
        idle_memory_bytes: Of all processes of the pool, shared pages counted once.
        compiled: Files that the cold interpreter had to compile; with any, cold is too slow.
    """

    tier: str
    workers: int
    rounds: int
    cold_seconds: float
    run_seconds: float
    run_to_cold: float
    start_to_cold: float
    runs_per_second: float
    snippets_per_second: float
    idle_memory_bytes: int
    compiled: int


def bench(
    pool: SyncSandboxPool, *, workers: int, rounds: int, tick: Callable[[], None]
) -> Measured:
    """Start a pool and measure it; ``tick`` is called after each of ``steps``.

    Args:
        pool: Not started; it is for the caller to stop it.
        workers: How many it has.
        rounds: Cold starts and runs, in turn.
        tick: For who shows how far it is.

    Raises:
        SandboxError: if the pool can not run anything, or a run did not end well.
    """
    measure.compiled_at_start()  # the first one writes the bytecode that is missing
    compiled = len(measure.compiled_at_start())
    started = _ticked(lambda: measure.timed(pool.start), tick)
    idle = census.memory_bytes(process.pid for process in census.below(os.getpid()))
    request = measure.workload()
    _sound(pool.run(request))
    samples = measure.in_turn(
        {
            "cold": lambda: _ticked(lambda: measure.cold_start().wall_seconds, tick),
            "run": lambda: _ticked(lambda: measure.timed(lambda: _sound(pool.run(request))), tick),
        },
        rounds=rounds,
    )
    cold, run = (measure.spread(samples[name]).median for name in ("cold", "run"))
    return Measured(
        tier=pool.identity().tier,
        workers=workers,
        rounds=rounds,
        cold_seconds=cold,
        run_seconds=run,
        run_to_cold=run / cold,
        start_to_cold=started / cold,
        runs_per_second=_ticked(lambda: _runs(pool, workers), tick),
        snippets_per_second=_ticked(lambda: _snippets(pool, workers), tick),
        idle_memory_bytes=idle,
        compiled=compiled,
    )


def steps(rounds: int) -> int:
    """Return how often ``bench`` calls ``tick``."""
    return 2 * rounds + 3


def told(measured: Measured) -> Iterator[str]:
    """Yield the lines that a person reads."""
    yield f"tier          {measured.tier}"
    yield f"cold          {measured.cold_seconds:.3f} s for python -c 'import pandas'"
    yield (
        f"isolated run  {measured.run_seconds:.4f} s, {measured.run_to_cold:.3f} of cold "
        f"(medians of {measured.rounds} in turn)"
    )
    yield f"pool stands   after {measured.start_to_cold:.1f} cold starts"
    yield f"runs          {measured.runs_per_second:.0f} /s with {measured.workers} workers"
    yield f"snippets      {measured.snippets_per_second:.0f} /s in batches of {_PER_FORK}"
    yield f"memory        {measured.idle_memory_bytes / MIB:.0f} MiB idle, all processes"
    if measured.compiled:
        yield f"warning       cold compiled {measured.compiled} files: its bytecode can not be kept"


def _runs(pool: SyncSandboxPool, workers: int) -> float:
    number = _RUNS_PER_WORKER * workers
    requests = (measure.workload() for _ in range(number))
    return number / measure.timed(lambda: [_sound(each) for each in pool.run_many(requests)])


def _snippets(pool: SyncSandboxPool, workers: int) -> float:
    codes = [_SNIPPET] * (_PER_FORK * workers)
    return len(codes) / measure.timed(lambda: [_sound(each) for each in pool.submit_many(codes)])


def _ticked(action: Callable[[], float], tick: Callable[[], None]) -> float:
    value = action()
    tick()
    return value


def _sound(result: RunResult) -> RunResult:
    if not result.ok:
        raise SandboxError(f"wanted a run that ends well, got {result.status}: {result.reason}")
    return result
