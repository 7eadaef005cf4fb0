from __future__ import annotations

import math
import os
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tracemill_sandbox.embedded.cell import _death, _used
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.request import MIB, Limits, SessionRequest

pytestmark = pytest.mark.sandbox

Do = Callable[[Coroutine[Any, Any, Any]], Any]


def test_facts_of_a_cell_are_the_kernels(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        busy = "import time\nwhile time.process_time() < 0.2: pass\nb = bytearray(30 << 20)"
        result = await session.run(busy)
        assert 0.15 <= result.facts.cpu_seconds < 5
        assert result.facts.peak_memory_bytes > 30 * MIB
        assert result.facts.wall_seconds >= 0.15
        await session.close()

    do(go())


def test_a_flood_ends_the_cell_and_not_the_session(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest(limits=Limits(flood_bytes=MIB)))
        flood = await session.run("import os\nwhile True: os.write(1, b'y' * 65536)")
        assert (flood.status, flood.reason) == ("output_limit", "wrote more than 1048576 bytes")
        assert (await session.run("x = 1", ("x",))).output("x") == 1
        await session.close()

    do(go())


@pytest.mark.parametrize(
    "odd",
    [
        {"wait_status": "9"},
        {"wait_status": 1 << 16},
        {"wait_status": -1},
        {"cpu_seconds": math.nan},
        {"cpu_seconds": math.inf},
        {"cpu_seconds": []},
        {"peak_memory_bytes": -5},
        {"peak_memory_bytes": 10**4000},
        {"cpu_seconds": 10**400},
        {"peak_memory_bytes": None},
    ],
)
def test_a_story_that_can_not_be_is_not_believed(odd: dict[str, object]) -> None:
    told: dict[str, object] = {"wait_status": 9, "cpu_seconds": 0.5, "peak_memory_bytes": 7}
    believed = _death(told, 1.0)
    assert believed is not None
    assert (believed.wait_status, believed.wall_seconds) == (9, 1.0)
    assert _death(told | odd, 1.0) is None


def test_a_process_that_is_gone_has_used_nothing_known() -> None:
    assert _used(0) == (0.0, 0)
    cpu, peak = _used(os.getpid())
    assert cpu > 0
    assert peak > MIB


def test_a_cells_name_for_itself_forges_no_facts(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        for name in (b"\xff", b"\x0bVmHWM: x", b"\x0bVmHWM: 7777777", "\u00b2".encode()):
            code = f"import ctypes; ctypes.CDLL(None).prctl(15, {name!r}, 0, 0, 0)"
            result = await session.run(code)
            assert result.ok
            assert MIB < result.facts.peak_memory_bytes < 1024 * MIB
        await session.close()

    do(go())
