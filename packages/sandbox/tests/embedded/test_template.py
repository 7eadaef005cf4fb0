from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

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
