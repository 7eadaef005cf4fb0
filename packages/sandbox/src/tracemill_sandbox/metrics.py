"""What the pool counts, as a frozen snapshot and as the text that Prometheus reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

_PREFIX = "tracemill_sandbox"


def _counter(says: str) -> int:
    return field(default=0, metadata={"says": says})


def _seconds(says: str) -> float:
    return field(default=0.0, metadata={"says": says})


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Counters since the pool was made; all only grow.

    Attributes:
        runs: Status -> runs, cells and snippets that ended so.
    """

    runs: Mapping[str, int] = field(default_factory=dict, metadata={"says": "Runs by status."})
    snippets: int = _counter("Snippets of batches that were run.")
    batches: int = _counter("Batches handed to a worker.")
    sessions: int = _counter("Sessions that began.")
    retries: int = _counter("Runs and batches tried again on another worker.")
    starts: int = _counter("Workers that became ready.")
    start_failures: int = _counter("Starts of a worker that failed.")
    replacements: int = _counter("Workers that took the place of another.")
    recycles: int = _counter("Workers ended for their age, runs or drift.")
    probes: int = _counter("Functional probes of a suspect worker.")
    saturations: int = _counter("Requests refused because too many waited.")
    cancellations: int = _counter("Requests that their caller gave up.")
    queue_seconds: float = _seconds("Time that requests waited for a worker.")
    busy_seconds: float = _seconds("Time that workers were taken.")

    def to_text(self) -> str:
        """Return the counters in Prometheus' text format.

        Source: https://prometheus.io/docs/instrumenting/exposition_formats/.
        """
        return "\n".join(line for name in fields(self) for line in self._lines(name.name)) + "\n"

    def _lines(self, name: str) -> Iterator[str]:
        says = next(each.metadata["says"] for each in fields(self) if each.name == name)
        full = f"{_PREFIX}_{name}_total"
        yield f"# HELP {full} {says}"
        yield f"# TYPE {full} counter"
        value = getattr(self, name)
        if isinstance(value, Mapping):
            yield from (f'{full}{{status="{key}"}} {value[key]}' for key in sorted(value))
        else:
            yield f"{full} {value:g}" if isinstance(value, float) else f"{full} {value}"


class Meter:
    """Counts while the pool runs; ``snapshot`` freezes it."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._runs: Counter[str] = Counter()
        self._queue_seconds = self._busy_seconds = 0.0

    def add(self, name: str, number: int = 1) -> None:
        """Count one of the whole numbers of ``Metrics`` up."""
        self._counts[name] += number

    def ended(self, status: str) -> None:
        """Count a run that ended with ``status``."""
        self._runs[status] += 1

    def waited(self, seconds: float) -> None:
        """Add time that a request waited."""
        self._queue_seconds += seconds

    def busy(self, seconds: float) -> None:
        """Add time that a worker was taken."""
        self._busy_seconds += seconds

    def snapshot(self) -> Metrics:
        """Return what was counted so far.

        Raises:
            TypeError: if something was counted that ``Metrics`` does not have.
        """
        return Metrics(
            runs=dict(self._runs),
            queue_seconds=self._queue_seconds,
            busy_seconds=self._busy_seconds,
            **self._counts,
        )
