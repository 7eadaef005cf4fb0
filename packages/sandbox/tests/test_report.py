from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

import pytest

from tracemill_sandbox.report import StopReport, ended, sentence
from tracemill_sandbox.worker import StopFailure

Work = Callable[[], Coroutine[None, None, tuple[StopFailure, ...]]]
OWN = StopFailure(subject="w0", phase="remove", error="Remains", text="folder /x stays")


class OddTimeout(Exception):
    """Stands for what a container engine's client may raise."""


async def clean() -> tuple[StopFailure, ...]:
    return ()


async def told() -> tuple[StopFailure, ...]:
    return (OWN,)


async def raises() -> tuple[StopFailure, ...]:
    raise OddTimeout("read timed out")


async def mute() -> tuple[StopFailure, ...]:
    raise OddTimeout


async def gives_up() -> tuple[StopFailure, ...]:
    raise asyncio.CancelledError


async def hangs() -> tuple[StopFailure, ...]:
    await asyncio.sleep(60)
    return ()


async def hangs_on() -> tuple[StopFailure, ...]:
    for _ in range(3):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
    return ()


@pytest.mark.parametrize(
    ("work", "phase", "error", "text"),
    [
        (told, "remove", "Remains", "folder /x stays"),
        (raises, "stop", "OddTimeout", "read timed out"),
        (mute, "stop", "OddTimeout", "said nothing"),
        (gives_up, "stop", "CancelledError", "was called off"),
        (hangs, "stop", "TimeoutError", "did not end within 0.05 s"),
        (hangs_on, "stop", "TimeoutError", "did not end within 0.05 s"),
    ],
)
def test_whatever_a_part_does_is_a_failure_with_an_error_record(
    work: Work, phase: str, error: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    failures = asyncio.run(ended("w0", "stop", work(), 0.05))
    assert failures == (StopFailure(subject="w0", phase=phase, error=error, text=text),)
    assert [(each.levelno, each.message) for each in caplog.records] == [
        (logging.ERROR, f"w0: {phase} failed: {error}: {text}")
    ]


def test_what_ends_well_is_not_spoken_of(caplog: pytest.LogCaptureFixture) -> None:
    assert asyncio.run(ended("w0", "stop", clean(), 1.0)) == ()
    assert caplog.records == []


def test_the_report_turns_the_exit_code_and_tells_each_failure() -> None:
    good = StopReport(stopped=("w0", "w1"), failures=(), seconds=0.5)
    bad = StopReport(stopped=("w0",), failures=(OWN, OWN), seconds=0.5)
    assert (good.exit_code, good.to_text()) == (
        0,
        "2 workers stopped in 0.50 s, nothing is left",
    )
    assert (bad.exit_code, bad.to_text().splitlines()) == (3, [sentence(OWN)] * 2)
    assert sentence(OWN) == "w0: remove failed: Remains: folder /x stays"
