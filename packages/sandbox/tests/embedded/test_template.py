from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tracemill_sandbox.embedded import template as tested
from tracemill_sandbox.embedded.template import Plan, Template
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.kernel.tier import run_user

pytestmark = pytest.mark.sandbox


def plan(folder: Path, command: Sequence[str] | None = None) -> Plan:
    return Plan(
        folder=folder,
        uid=run_user(),
        libraries=("no_such_library",),
        avoid=(),
        spares=0,
        wrap=None if command is None else lambda *_: command,
        fence="moat" if command is None else "",
    )


def test_a_missing_library_is_no_fault_and_a_fence_stands_in_the_tier(tmp_path: Path) -> None:
    async def go() -> None:
        template = Template(plan(tmp_path))
        assert not template.alive
        greeting = await template.start()
        assert greeting.libraries == {}
        assert greeting.tier.startswith("moat-")
        assert template.alive
        pid = template.pid
        assert await template.stop(5.0) == ()
        assert not Path(f"/proc/{pid}").exists()
        assert not template.alive
        assert await template.stop(1.0) == ()

    asyncio.run(go())


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("/no/such/program",), "the template did not start: .*No such file"),
        (("/bin/false",), "the template did not become ready: the template has ended"),
        (("/bin/sh", "-c", "echo broken >&2"), "the template did not become ready: broken"),
    ],
)
def test_a_template_that_does_not_start_says_why(
    command: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    async def go() -> None:
        template = Template(plan(tmp_path, command))
        with pytest.raises(WorkerLost, match=message):
            await template.start()
        failures = await template.stop(1.0)
        broken = [failure.text for failure in failures]
        assert broken in ([], ["ended with code 1: "])

    asyncio.run(go())


def test_one_that_says_nothing_is_ended_and_is_not_taken_for_one_that_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "_START_SECONDS", 0.2)

    async def go() -> None:
        template = Template(plan(tmp_path, ("/bin/sleep", "60")))
        with pytest.raises(WorkerLost, match=r"said nothing for 0\.2 s"):
            await template.start()
        assert not template.alive
        pid = template.pid
        assert await template.stop(0.0) == ()
        assert not Path(f"/proc/{pid}").exists()

    asyncio.run(go())


def test_stopping_it_while_it_starts_ends_the_start_too_though_its_folder_is_gone(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        folder = tmp_path / "pool"
        folder.mkdir()
        template = Template(plan(folder, ("/bin/sleep", "60")))
        starting = asyncio.ensure_future(template.start())
        await asyncio.sleep(0.05)
        assert await template.stop(0.0) == ()
        shutil.rmtree(folder)
        with pytest.raises(WorkerLost, match="did not become ready: the template has ended"):
            await asyncio.wait_for(starting, 10.0)

    asyncio.run(go())


@pytest.mark.parametrize("wait", [0.05, 0.2, 0.4, 0.8])
def test_one_that_is_stopped_while_it_loads_did_not_break(tmp_path: Path, wait: float) -> None:
    async def go() -> None:
        template = Template(replace(plan(tmp_path), libraries=("numpy", "pandas")))
        starting = asyncio.ensure_future(template.start())
        await asyncio.sleep(wait)
        assert await template.stop(5.0) == ()
        await asyncio.wait({starting}, timeout=5.0)
        assert starting.done()
        starting.exception()

    asyncio.run(go())


def test_a_stop_that_is_called_off_has_killed_it(tmp_path: Path) -> None:
    async def go() -> None:
        template = Template(plan(tmp_path))
        await template.start()
        process = template._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(template.stop(60.0), 0.1)
        assert await asyncio.to_thread(process.wait, 10.0) == -signal.SIGKILL

    asyncio.run(go())


def test_the_hosts_environment_is_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACEMILL_TEST_SECRET", "hidden")

    async def go() -> bytes:
        template = Template(plan(tmp_path))
        await template.start()
        environment = Path(f"/proc/{template.pid}/environ").read_bytes()
        await template.stop(5.0)
        return environment

    said = asyncio.run(go())
    assert b"PYTHONHASHSEED=0" in said
    assert b"hidden" not in said
    assert os.environ["TRACEMILL_TEST_SECRET"] == "hidden"  # noqa: S105 - planted above
