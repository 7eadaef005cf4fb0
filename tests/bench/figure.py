"""The figures of the sandbox: what each must reach, and how it is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from tracemill_sandbox.measure import Spread


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a figure must reach: ``at_most`` or ``at_least``, the other is None."""

    at_most: float | None = None
    at_least: float | None = None

    def is_met(self, value: float) -> bool:
        """Tell whether a value reaches it."""
        if self.at_most is not None and value > self.at_most:
            return False
        return self.at_least is None or value >= self.at_least


TARGETS = {
    "fresh_over_cold": Target(at_most=0.10),
    "warm_over_cold": Target(at_most=0.04),
    "cpu_over_cold": Target(at_most=0.07),
    "runs_per_second": Target(at_least=50),
    "snippets_per_second": Target(at_least=500),
    "first_worker_mb": Target(at_most=140),
    "further_run_mb": Target(at_most=10),
    "overshoot_ms_median": Target(at_most=50),
    "overshoot_ms_worst": Target(at_most=250),
    "dead_noticed_ms": Target(at_most=100),
    "dead_replaced_ms": Target(at_most=2_000),
    "survivors_ms": Target(at_most=200),
    "soak_descriptors": Target(at_most=0),
    "soak_memory_mb": Target(at_most=2),
    "soak_zombies": Target(at_most=0),
    "soak_infra_errors": Target(at_most=0),
}
"""The figures of the sandbox, as they were promised; a figure without a line here is told only."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the result.

    Attributes:
        name: Its key in ``TARGETS``.
        says: What was measured, for a person.
        value: The figure.
        samples: Where the samples lie that it was taken from, in its own unit.
        cold: Seconds of the cold starts in the same rounds: of processor time where the figure is
            of processor time, else of real time.
    """

    name: str
    says: str
    value: float
    samples: Spread | None = None
    cold: Spread | None = None


def told(figure: Figure) -> dict[str, object]:
    """Return a figure as it stands in the result."""
    target = TARGETS.get(figure.name)
    values: dict[str, object] = {
        "name": figure.name,
        "says": figure.says,
        "value": rounded(figure.value),
    }
    for key, found in (("samples", figure.samples), ("cold_seconds", figure.cold)):
        if found is not None:
            values[key] = told_spread(found)
    if target is not None:
        wanted = {name: bound for name, bound in asdict(target).items() if bound is not None}
        values |= {"target": wanted, "met": target.is_met(figure.value)}
    return values


def told_spread(found: Spread) -> dict[str, float]:
    """Return a spread as it stands in the result."""
    return {name: rounded(value) for name, value in asdict(found).items()}


def rounded(value: float) -> float:
    """Return four significant digits: more would be noise."""
    return float(f"{value:.4g}")
