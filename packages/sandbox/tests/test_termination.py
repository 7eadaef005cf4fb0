from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from tracemill_sandbox.termination import ending_well

ENDING = (signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def nothing_set() -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_DFL) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def end_and_clear(number: signal.Signals, cleared: list[int]) -> None:
    try:
        signal.raise_signal(number)
    finally:
        for other in ENDING:  # a second one does not disturb the end
            signal.raise_signal(other)
        cleared.append(number)


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_what_goes_on_and_becomes_its_exit_code(
    number: signal.Signals, exit_code: int
) -> None:
    cleared: list[int] = []
    with pytest.raises(SystemExit) as caught, ending_well():
        end_and_clear(number, cleared)
    assert (caught.value.code, cleared) == (exit_code, [number])
    assert [signal.getsignal(each) for each in ENDING] == [signal.SIG_DFL] * 2


def test_an_event_loop_calls_its_task_off_and_lets_it_clear_away() -> None:
    cleared: list[str] = []

    async def scene() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0)
            cleared.append("all")

    with pytest.raises(SystemExit) as caught, ending_well():
        asyncio.run(scene())
    assert (caught.value.code, cleared) == (143, ["all"])


def test_ctrl_c_stays_what_it_is() -> None:
    with pytest.raises(KeyboardInterrupt), ending_well():
        signal.raise_signal(signal.SIGINT)


def test_where_ctrl_c_is_ignored_the_others_end_all_the_same() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(SystemExit) as caught, ending_well():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGINT, before)
    assert caught.value.code == 143


def test_a_signal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ending_well():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
