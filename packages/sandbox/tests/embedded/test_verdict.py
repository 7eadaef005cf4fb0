from __future__ import annotations

import signal

import pytest

from tracemill_sandbox.exchange import Capture, Cause, Stream
from tracemill_sandbox.folder import Usage
from tracemill_sandbox.frame import Payload
from tracemill_sandbox.request import Limits
from tracemill_sandbox.verdict import claims, facts, judge
from tracemill_sandbox.warden import Ended

LIMITS = Limits(cpu_seconds=2)
FINE = Payload(exception=None, memory=False, outputs=(), bindings=(), dropped=0)
USAGE = Usage(size=0, entries=0, files={})


def capture(
    *, wait_status: int = 0, cause: Cause | None = None, cpu: float = 0.1, kept: int = 9
) -> Capture:
    stream = Stream(room=kept)
    stream.take(b"caf\xc3\xa9\xff")
    return Capture(
        stdout=stream,
        stderr=Stream(room=9),
        result=Stream(room=9),
        ended=Ended(wait_status=wait_status, cpu_seconds=cpu, peak_memory_bytes=5),
        cause=cause,
        reason="the host said so" if cause else "",
        wall_seconds=0.5,
    )


@pytest.mark.parametrize(
    ("seen", "payload", "wanted"),
    [
        (capture(), FINE, ("ok", "ended by itself")),
        (capture(wait_status=3 << 8), FINE, ("error", "ended with code 3")),
        (capture(cause="timeout"), FINE, ("timeout", "the host said so")),
        (capture(wait_status=signal.SIGKILL), FINE, ("killed", "ended by SIGKILL")),
        (capture(wait_status=40), FINE, ("killed", "ended by signal 40")),
        (capture(wait_status=signal.SIGXCPU), None, ("timeout", "used up its processor time")),
        (
            capture(wait_status=signal.SIGKILL, cpu=2.5),
            None,
            ("timeout", "used up its processor time"),
        ),
        (capture(), None, ("error", "ended with code 0 without handing over its results")),
    ],
)
def test_the_host_is_believed_before_the_kernel_before_the_guest(
    seen: Capture, payload: Payload | None, wanted: tuple[str, str]
) -> None:
    assert judge(seen, payload, LIMITS) == wanted


def test_signal_and_exit_code_are_told_apart() -> None:
    killed = facts(capture(wait_status=9), USAGE, queue_seconds=0, attempts=1)
    ended = facts(capture(wait_status=9 << 8), USAGE, queue_seconds=0, attempts=1)
    assert (killed.signal, killed.exit_code) == (9, None)
    assert (ended.signal, ended.exit_code) == (None, 9)


def test_output_is_text_whatever_the_bytes_and_says_if_it_was_cut() -> None:
    assert claims(capture(), None, USAGE).stdout == "café\ufffd"
    assert not claims(capture(), None, USAGE).truncated
    assert claims(capture(kept=3), None, USAGE).truncated
