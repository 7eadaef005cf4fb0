"""What the measuring itself promises; no test here asserts a time."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracemill_sandbox import measure
from tracemill_sandbox.measure import Spread


def test_the_workload_gives_the_answer_that_is_checked(tmp_path: Path) -> None:
    request = measure.workload()
    for name, content in request.files.items():
        (tmp_path / name).write_bytes(content)
    code = f"{request.code}\nimport json\nprint(json.dumps({request.outputs[0]}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, check=True
    )
    assert done.stdout.decode().strip() == (
        '{"a": 477.5, "b": 490.5, "c": 503.5, "d": 496.5, "e": 509.5}'
    )
    assert dict(measure.answer()) == {"a": 477.5, "b": 490.5, "c": 503.5, "d": 496.5, "e": 509.5}


def test_a_cold_start_costs_time_and_memory() -> None:
    cost = measure.cold_start()
    assert cost.wall_seconds > 0
    assert cost.cpu_seconds > 0
    assert cost.peak_memory_bytes > 30 << 20


def test_a_module_without_bytecode_or_with_a_stale_one_is_compiled_at_each_start(
    tmp_path: Path,
) -> None:
    module = tmp_path / "planted.py"
    module.write_text("x = 1\n")
    code = f"import sys; sys.dont_write_bytecode = True; sys.path.insert(0, {str(tmp_path)!r})\n"
    command = (sys.executable, "-c", f"{code}import planted")
    assert measure.compiled_at_start(command) == (str(module),)
    compileall.compile_file(module, quiet=1)
    assert measure.compiled_at_start(command) == ()
    os.utime(module, (1, 1))
    assert measure.compiled_at_start(command) == (str(module),)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([2.0], Spread(n=1, median=2.0, low=2.0, high=2.0, worst=2.0)),
        ([3.0, 1.0], Spread(n=2, median=2.0, low=1.0, high=3.0, worst=3.0)),
        (list(range(21)), Spread(n=21, median=10, low=2, high=18, worst=20)),
    ],
)
def test_a_spread_leaves_a_tenth_on_each_side(samples: list[float], expected: Spread) -> None:
    assert measure.spread(samples) == expected


def test_actions_are_called_in_turn() -> None:
    called: list[str] = []

    def action(name: str) -> float:
        called.append(name)
        return float(len(called))

    samples = measure.in_turn({"a": lambda: action("a"), "b": lambda: action("b")}, rounds=3)
    assert called == ["a", "b"] * 3
    assert samples == {"a": [1.0, 3.0, 5.0], "b": [2.0, 4.0, 6.0]}


def test_processor_time_of_this_process_and_of_what_it_started_counts() -> None:
    before = measure.cpu_seconds()
    burn = "import sys, time\nwhile time.process_time() < 0.2: pass\nprint(flush=True)\ninput()"
    command = [sys.executable, "-c", burn]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert measure.cpu_seconds() - before >= 0.19
        child.communicate(b"\n")
