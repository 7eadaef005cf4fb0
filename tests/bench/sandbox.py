"""Measures the sandbox and holds it to its targets.

    nox -s bench -- sandbox --soak 10000

Every figure stands beside a cold ``python -c "import pandas"`` measured in turn with it. What runs
is ``tracemill_sandbox.measure.workload``: a group-by on a table of 200 rows. The result is written
to docs/benchmarks/sandbox.json. Let nothing else run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import harm
import load
import orjson
from figure import Figure, told, told_spread

from tracemill_sandbox import measure
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_schema.jsonl import write_bytes

OUT = Path(__file__).parents[2] / "docs" / "benchmarks" / "sandbox.json"
FULL_SOAK = 10_000
FURTHER = 4
"""Runs in flight beyond the first; the memory of one of them is a fourth of what they add."""


class Bench:
    """Measures; keeps every cold start that was taken on the way."""

    def __init__(self, *, rounds: int, soak: int) -> None:
        self.cold: list[measure.Cost] = []
        self._rounds, self._soak = rounds, soak

    def figures(self) -> Iterator[Figure]:
        """Measure one figure after the other."""
        yield from self._start_up()
        yield from self._processor_time()
        yield from self._throughput()
        yield from self._memory()
        yield from self._deadlines()
        yield from self._dead_workers()
        yield from self._killed_host()
        yield from self._long_run()

    def _cold_seconds(self) -> float:
        self.cold.append(measure.cold_start())
        return self.cold[-1].wall_seconds

    def _cold_cpu(self) -> float:
        self._cold_seconds()
        return self.cold[-1].cpu_seconds

    def _in_turn(
        self, rounds: int, **actions: Callable[[], float]
    ) -> tuple[dict[str, Sequence[float]], measure.Spread]:
        samples = dict(measure.in_turn({"cold": self._cold_seconds, **actions}, rounds=rounds))
        return samples, measure.spread(samples.pop("cold"))

    def _start_up(self) -> Iterator[Figure]:
        with SyncSandboxPool(spares=0) as fresh, SyncSandboxPool(spares=1) as warm:
            load.warm_up(fresh, warm)
            samples, cold = self._in_turn(
                self._rounds,
                fresh=lambda: measure.timed(lambda: load.run(fresh)),
                warm=lambda: measure.timed(lambda: load.run(warm)),
            )
        says = {"fresh": "a fresh isolated run", "warm": "the same with a warm spare"}
        for name, seconds in samples.items():
            ratios = measure.spread([each / cold.median for each in seconds])
            text = f"{says[name]} / a cold start"
            yield Figure(
                name=f"{name}_over_cold", says=text, value=ratios.median, samples=ratios, cold=cold
            )

    def _processor_time(self) -> Iterator[Figure]:
        runs = 20
        with SyncSandboxPool() as pool:
            load.warm_up(pool)
            actions = {"cold": self._cold_cpu, "run": lambda: load.cpu_seconds(pool, runs) / runs}
            samples = measure.in_turn(actions, rounds=max(3, self._rounds // 4))
        cold = measure.spread(samples["cold"])
        ratios = measure.spread([each / cold.median for each in samples["run"]])
        text = "processor time of a run, all processes and the host's / of a cold start"
        yield Figure(
            name="cpu_over_cold", says=text, value=ratios.median, samples=ratios, cold=cold
        )

    def _throughput(self) -> Iterator[Figure]:
        group_by = measure.workload()
        with SyncSandboxPool(workers=2) as two, SyncSandboxPool() as one:
            load.warm_up(two, one)
            samples, cold = self._in_turn(
                max(3, self._rounds // 8),
                runs_per_second=lambda: 150 / measure.timed(lambda: load.run_many(two, 150)),
                snippets_per_second=lambda: load.snippet_rate(two, group_by),
                snippets_per_second_one_worker=lambda: load.snippet_rate(one, group_by),
                snippets_per_second_plain=lambda: load.snippet_rate(two, load.PLAIN),
            )
        batches = f"snippets a second in batches of {load.BATCH}"
        says = (
            "runs a second, two workers",
            f"{batches}, two workers",
            f"{batches}, one worker",
            f"{batches}, two workers, `{load.PLAIN.code}`",
        )
        for text, (name, rates) in zip(says, samples.items(), strict=True):
            found = measure.spread(rates)
            yield Figure(name=name, says=text, value=found.median, samples=found, cold=cold)

    def _memory(self) -> Iterator[Figure]:
        first, first_bare = load.memory_in_flight(1), load.memory_in_flight(1, spares=0)
        more = load.memory_in_flight(1 + FURTHER) - first
        more_bare = load.memory_in_flight(1 + FURTHER, spares=0) - first_bare
        one = "memory of a pool of one worker with its run in flight, the host apart (MB)"
        further = "memory that each further worker with its run in flight adds"
        for name, says, used in (
            ("first_worker_mb", one, first),
            ("further_run_mb", f"{further} (MB)", more / FURTHER),
            ("further_run_mb_bare", f"{further}, without warm spares (MB)", more_bare / FURTHER),
        ):
            yield Figure(name=name, says=says, value=used / 1e6)

    def _deadlines(self) -> Iterator[Figure]:
        with SyncSandboxPool() as pool:
            load.warm_up(pool)
            actions = {
                str(i): functools.partial(harm.overshoot, pool, code)
                for i, code in enumerate(harm.OVERDUE)
            }
            samples, cold = self._in_turn(10, **actions)
        found = measure.spread([1e3 * each for kind in samples.values() for each in kind])
        text = f"from the deadline of {harm.DEADLINE_SECONDS:g} s to the result"
        for name, value in (("median", found.median), ("worst", found.worst)):
            yield Figure(
                name=f"overshoot_ms_{name}",
                says=f"{text}, {name} (ms)",
                value=value,
                samples=found,
                cold=cold,
            )

    def _dead_workers(self) -> Iterator[Figure]:
        replaced: list[float] = []

        def noticed() -> float:
            seen, stood = harm.kill_a_worker(pool)
            replaced.append(stood)
            return seen

        with SyncSandboxPool(workers=2) as pool:
            load.warm_up(pool)
            samples, cold = self._in_turn(10, noticed=noticed)
        for name, says, seconds in (
            (
                "dead_noticed_ms",
                "from the end of an idle worker until it is DEAD",
                samples["noticed"],
            ),
            ("dead_replaced_ms", "until another is READY in its place", replaced),
        ):
            found = measure.spread([1e3 * each for each in seconds])
            yield Figure(
                name=name, says=f"{says}, worst (ms)", value=found.worst, samples=found, cold=cold
            )

    def _killed_host(self) -> Iterator[Figure]:
        samples, cold = self._in_turn(5, host=harm.survivors_seconds)
        found = measure.spread([1e3 * each for each in samples["host"]])
        text = "from SIGKILL of the host until none of its processes lives, worst (ms)"
        yield Figure(name="survivors_ms", says=text, value=found.worst, samples=found, cold=cold)

    def _long_run(self) -> Iterator[Figure]:
        with SyncSandboxPool(workers=2) as pool:
            load.run_many(pool, 200)
            before = load.standing()
            failed = load.run_many(pool, self._soak)
            after = load.standing()
        after_runs = f"after {self._soak:,} runs"
        for name, says, value in (
            ("soak_descriptors", "descriptors more", after.descriptors - before.descriptors),
            ("soak_memory_mb", "memory more (MB)", (after.memory - before.memory) / 1e6),
            ("soak_host_memory_mb", "of it in the host (MB)", (after.host - before.host) / 1e6),
            ("soak_zombies", "zombies", after.zombies),
            ("soak_infra_errors", "infrastructure errors", failed),
        ):
            yield Figure(name=name, says=f"{says} {after_runs}", value=value)


def _refuse_without_bytecode() -> None:
    measure.cold_start()  # writes bytecode that is missing, if it may
    compiled = measure.compiled_at_start()
    if compiled:
        sys.exit(
            f"cold starts would compile {len(compiled)} files each time ({compiled[0]}, ...) and "
            "make every ratio too good; wanted their bytecode, so compile it: python -m compileall"
        )


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "kernel": platform.release().partition("-")[0],
        "busy_before": round(os.getloadavg()[0], 2),
    }


def _isolation() -> dict[str, object]:
    with SyncSandboxPool() as pool:
        return {**pool.identity().to_values(), "spares": 1}


def main() -> None:
    """Measure everything and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, prog="nox -s bench -- sandbox")
    parser.add_argument("--soak", type=int, default=FULL_SOAK, help="runs of the long run")
    parser.add_argument("--rounds", type=int, default=40, help="samples of the shortest figures")
    options = parser.parse_args()
    _refuse_without_bytecode()
    machine, isolation = _machine(), _isolation()
    bench = Bench(rounds=options.rounds, soak=options.soak)
    lines = []
    for figure in bench.figures():
        lines.append(told(figure))
        sys.stderr.write(f"{figure.says}: {lines[-1]['value']:g}\n")
    cold = {
        name: told_spread(measure.spread(samples))
        for name, samples in (
            ("wall_seconds", [cost.wall_seconds for cost in bench.cold]),
            ("cpu_seconds", [cost.cpu_seconds for cost in bench.cold]),
            ("peak_memory_mb", [cost.peak_memory_bytes / 1e6 for cost in bench.cold]),
        )
    }
    result = {
        "command": f"nox -s bench -- sandbox --soak {options.soak}",
        "machine": machine,
        "isolation": isolation,
        "cold": {"command": 'python -c "import pandas"', **cold},
        "figures": lines,
        "all_met": all(line.get("met", True) for line in lines),
    }
    write_bytes(OUT, orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.write(OUT.read_text())


if __name__ == "__main__":
    main()
