from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracemill_sandbox import measure
from tracemill_sandbox.bench import Measured, bench, steps, told
from tracemill_sandbox.errors import SandboxError

FakeBackend = Any  # in conftest.py
Pools = Callable[..., Any]


@pytest.fixture
def quick_cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a cold start be made of nothing: what is measured here is scripted."""
    cost = measure.Cost(wall_seconds=0.5, cpu_seconds=0.4, peak_memory_bytes=1)
    monkeypatch.setattr(measure, "cold_start", lambda: cost)
    monkeypatch.setattr(measure, "compiled_at_start", lambda: ())


def test_every_figure_is_paired_with_a_cold_start_and_every_step_ticks(
    fake_sync_pool: Pools, fake: FakeBackend, quick_cold: None
) -> None:
    ticks: list[int] = []
    with fake_sync_pool(workers=2) as pool:
        found = bench(pool, workers=2, rounds=3, tick=lambda: ticks.append(1))
    assert (found.workers, found.rounds, found.cold_seconds) == (2, 3, 0.5)
    assert found.run_to_cold == found.run_seconds / 0.5
    assert len(ticks) == steps(3) == 9
    assert fake.ran.count(measure.CODE) == 1 + 3 + 50
    assert sum(map(len, fake.batches)) == 128


def test_a_run_that_ends_badly_is_no_measurement(
    fake_sync_pool: Pools, quick_cold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "CODE", "killed")
    with fake_sync_pool() as pool, pytest.raises(SandboxError) as refused:
        bench(pool, workers=1, rounds=1, tick=lambda: None)
    assert str(refused.value) == "wanted a run that ends well, got killed: scripted"


def test_a_person_reads_ratios_and_is_warned_of_a_cold_that_compiles() -> None:
    found = Measured(
        tier="landlock-seccomp",
        workers=2,
        rounds=5,
        cold_seconds=0.5,
        run_seconds=0.02,
        run_to_cold=0.04,
        start_to_cold=2.0,
        runs_per_second=90.0,
        snippets_per_second=800.0,
        idle_memory_bytes=140 << 20,
        compiled=0,
    )
    assert list(told(found)) == [
        "tier          landlock-seccomp",
        "cold          0.500 s for python -c 'import pandas'",
        "isolated run  0.0200 s, 0.040 of cold (medians of 5 in turn)",
        "pool stands   after 2.0 cold starts",
        "runs          90 /s with 2 workers",
        "snippets      800 /s in batches of 64",
        "memory        140 MiB idle, all processes",
    ]
    slow = Measured(**{**vars(found), "compiled": 7})
    assert list(told(slow))[-1].startswith("warning       cold compiled 7 files")
