"""How runs are measured: one small program, always paired with a cold interpreter.

Seconds say little on another machine, and less on a busy one. So whatever is measured is measured
in turn with ``python -c "import pandas"``, the price of a run without a pool, and told as a ratio.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracemill_sandbox import census
from tracemill_sandbox.request import RunRequest

COLD = (sys.executable, "-c", "import pandas")
ROWS = 200
GROUPS = "abcde"
CODE = (
    "import pandas as pd\n"
    "table = pd.read_csv('table.csv')\n"
    "answer = table.groupby('group')['value'].mean().to_dict()\n"
)
"""The program that is measured: read a small table, group it, take means."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one process took.

    Attributes:
        wall_seconds: Real time from before its start to after its end.
        cpu_seconds: Processor time.
        peak_memory_bytes: Largest resident set.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Where samples lie.

    Attributes:
        n: How many there are.
        median: The one in the middle.
        low: A tenth of them lie below.
        high: A tenth of them lie above.
        worst: The largest.
    """

    n: int
    median: float
    low: float
    high: float
    worst: float


def workload() -> RunRequest:
    """Return the request that is measured."""
    return RunRequest(code=CODE, files={"table.csv": _table()}, outputs=("answer",))


def answer() -> Mapping[str, float]:
    """Return what ``workload`` must give as ``answer``."""
    return {
        group: statistics.fmean(_value(i) for i in range(ROWS) if _group(i) == group)
        for group in GROUPS
    }


def cold_start() -> Cost:
    """Start ``COLD`` and wait for its end.

    Raises:
        CalledProcessError: if pandas cannot be imported.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(COLD, env=_plain_environment())  # noqa: S603 - our own interpreter
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, COLD)
    return Cost(
        wall_seconds=wall,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory_bytes=usage.ru_maxrss << 10,
    )


def compiled_at_start(command: Sequence[str] = COLD) -> tuple[str, ...]:
    """Return the files that a cold interpreter compiles; with any, it is no measure of a start.

    Python says under ``-v`` from which file it has each module's code: one that ends in ``.py`` was
    compiled, because its bytecode is missing or stale. The first call writes it, if it may.
    """
    program, *words = command
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [program, "-v", *words],
        env=_plain_environment(),
        stderr=subprocess.PIPE,
        check=True,
    )
    said = done.stderr.decode(errors="replace")
    return tuple(re.findall(r"^# code object from (/.*\.py)$", said, re.MULTILINE))


def spread(samples: Sequence[float]) -> Spread:
    """Return where samples lie; one sample is its own spread."""
    ordered = sorted(samples)
    last = len(ordered) - 1
    return Spread(
        n=len(ordered),
        median=statistics.median(ordered),
        low=ordered[round(0.1 * last)],
        high=ordered[round(0.9 * last)],
        worst=ordered[-1],
    )


def timed(action: Callable[[], object]) -> float:
    """Return the seconds of real time that an action takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def in_turn(
    actions: Mapping[str, Callable[[], float]], *, rounds: int
) -> Mapping[str, Sequence[float]]:
    """Call every action once a round, so that a busy moment of the machine meets all alike.

    Returns:
        Name of the action -> its samples, one for each round.
    """
    samples: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            samples[name].append(action())
    return samples


def cpu_seconds() -> float:
    """Return the processor time of this process and of all that descend from it and still live.

    What descendants that ended took is with those that waited for them; children that this process
    itself waited for are left out.
    """
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = sum(process.cpu_seconds for process in census.below(os.getpid()))
    return own.ru_utime + own.ru_stime + others


def _plain_environment() -> dict[str, str]:
    """Return the caller's variables without those that change how Python starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _table() -> bytes:
    lines = (f"{_group(i)},{_value(i)}" for i in range(ROWS))
    return ("\n".join(("group,value", *lines)) + "\n").encode()


def _group(row: int) -> str:
    return GROUPS[row * 3 % len(GROUPS)]


def _value(row: int) -> int:
    return row * 7919 % 1000
