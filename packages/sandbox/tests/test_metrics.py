from __future__ import annotations

from dataclasses import fields

import pytest

from tracemill_sandbox.metrics import Meter, Metrics


def test_the_snapshot_has_what_was_counted_and_changes_no_more() -> None:
    meter = Meter()
    meter.ended("ok")
    meter.ended("ok")
    meter.ended("timeout")
    meter.add("snippets", 64)
    meter.add("retries")
    meter.waited(0.5)
    meter.busy(0.25)
    meter.busy(0.25)
    before = meter.snapshot()
    meter.ended("ok")
    assert before == Metrics(
        runs={"ok": 2, "timeout": 1}, snippets=64, retries=1, queue_seconds=0.5, busy_seconds=0.5
    )
    assert meter.snapshot().runs == {"ok": 3, "timeout": 1}


def test_the_text_is_what_prometheus_reads() -> None:
    text = Metrics(runs={"timeout": 1, "ok": 2}, recycles=3, queue_seconds=0.125).to_text()
    assert text.startswith(
        "# HELP tracemill_sandbox_runs_total Runs by status.\n"
        "# TYPE tracemill_sandbox_runs_total counter\n"
        'tracemill_sandbox_runs_total{status="ok"} 2\n'
        'tracemill_sandbox_runs_total{status="timeout"} 1\n'
    )
    assert "\ntracemill_sandbox_recycles_total 3\n" in text
    assert "\ntracemill_sandbox_queue_seconds_total 0.125\n" in text
    assert text.count("# HELP ") == text.count("# TYPE ") == len(fields(Metrics))
    assert text.endswith("\n")


def test_a_name_that_is_no_counter_is_refused() -> None:
    meter = Meter()
    meter.add("no_such_counter")
    with pytest.raises(TypeError, match="no_such_counter"):
        meter.snapshot()
