from __future__ import annotations

import signal

import pytest

from tracemill_sandbox.embedded.exchange import Capture, Cause
from tracemill_sandbox.embedded.listen import Stream
from tracemill_sandbox.embedded.verdict import Left, Stamp, of_batch, of_program
from tracemill_sandbox.inside.folder import Usage
from tracemill_sandbox.inside.frame import Answer
from tracemill_sandbox.inside.job import Ended
from tracemill_sandbox.request import Limits
from tracemill_sandbox.result import RunResult

LIMITS = Limits(cpu_seconds=2)
STAMP = Stamp(run_id="r", worker_id="w", backend="embedded", tier="landlock-seccomp")
LEFT = Left(usage=Usage(size=7, entries=0, files={"a": 3}), contents={"a": b"abc"})


def answer(*, exit_code: int = 0, exception: str | None = None, stdout: str = "") -> Answer:
    return Answer(
        exception=exception,
        memory=exception == "MemoryError",
        outputs=(),
        bindings=(),
        dropped=0,
        exit_code=exit_code,
        stdout=stdout,
    )


FINE = answer()


def capture(
    *answers: Answer,
    wait_status: int = 0,
    cause: Cause | None = None,
    cpu: float = 0.1,
    kept: int = 9,
) -> Capture:
    stream = Stream(room=kept)
    stream.take(b"caf\xc3\xa9\xff")
    return Capture(
        stdout=stream,
        stderr=Stream(room=9),
        result_bytes=100,
        answers=answers,
        ended=Ended(
            wait_status=wait_status, wall_seconds=0.5, cpu_seconds=cpu, peak_memory_bytes=5
        ),
        cause=cause,
        reason="the host said so" if cause else "",
    )


def program(seen: Capture) -> RunResult:
    return of_program(STAMP, seen, LIMITS, LEFT)


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (capture(FINE), ("ok", "ended by itself")),
        (capture(FINE, wait_status=3 << 8), ("error", "ended with code 3")),
        (capture(answer(exception="ValueError")), ("error", "raised ValueError")),
        (
            capture(answer(exception="MemoryError")),
            ("memory", "asked for more memory than allowed"),
        ),
        (capture(FINE, cause="timeout"), ("timeout", "the host said so")),
        (capture(FINE, cause="memory"), ("memory", "the host said so")),
        (capture(FINE, wait_status=signal.SIGKILL), ("killed", "ended by SIGKILL")),
        (capture(FINE, wait_status=40), ("killed", "ended by signal 40")),
        (
            capture(wait_status=signal.SIGXCPU, cpu=2.1),
            ("timeout", "used up its processor time"),
        ),
        (capture(wait_status=signal.SIGXCPU), ("killed", "ended by SIGXCPU")),
        (
            capture(wait_status=signal.SIGKILL, cpu=2.5),
            ("timeout", "used up its processor time"),
        ),
        (capture(), ("error", "ended with code 0 without handing over its results")),
    ],
)
def test_the_host_is_believed_before_the_kernel_before_the_guest(
    seen: Capture, wanted: tuple[str, str]
) -> None:
    result = program(seen)
    assert (result.status, result.reason) == wanted


def test_signal_and_exit_code_are_told_apart() -> None:
    killed = program(capture(wait_status=9)).facts
    ended = program(capture(wait_status=9 << 8)).facts
    assert (killed.signal, killed.exit_code) == (9, None)
    assert (ended.signal, ended.exit_code) == (None, 9)


def test_output_is_text_whatever_the_bytes_and_says_if_it_was_cut() -> None:
    assert program(capture()).claims.stdout == "café\ufffd"
    assert not program(capture()).claims.truncated
    assert program(capture(kept=3)).claims.truncated


def test_files_and_bytes_stand_in_the_result() -> None:
    result = program(capture(FINE))
    assert result.claims.files == {"a": 3}
    assert result.claims.contents == {"a": b"abc"}
    assert result.facts.disk_bytes == 7
    assert result.facts.kept_bytes == 6 + 0 + 100 + 3
    assert (result.run_id, result.worker_id, result.tier) == ("r", "w", "landlock-seccomp")


def batch(seen: Capture, count: int, walls: list[float]) -> list[tuple[str, str, float]]:
    results = of_batch(STAMP, seen, LIMITS, LEFT, count=count, walls=walls)
    return [(r.status, r.claims.stdout, r.facts.wall_seconds) for r in results]


def test_each_snippet_of_a_batch_has_its_own_output_and_time() -> None:
    seen = capture(answer(stdout="a"), answer(stdout="b", exit_code=2))
    assert batch(seen, 2, [0.1, 0.2]) == [("ok", "a", 0.1), ("error", "b", 0.2)]


def test_the_snippet_that_took_the_process_with_it_is_the_last_result() -> None:
    seen = capture(answer(stdout="a"), wait_status=signal.SIGSEGV)
    assert batch(seen, 3, [0.1]) == [("ok", "a", 0.1), ("killed", "café\ufffd", 0.5)]


def test_forged_answers_beyond_the_snippets_are_not_counted() -> None:
    assert len(batch(capture(FINE, FINE, FINE), 2, [0.1, 0.1, 0.1])) == 2
