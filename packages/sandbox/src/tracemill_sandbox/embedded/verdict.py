"""Turns what the host saw of a run into results; pure functions."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tracemill_sandbox.embedded.exchange import Capture
from tracemill_sandbox.embedded.listen import Stream
from tracemill_sandbox.inside.folder import Usage
from tracemill_sandbox.inside.frame import Answer
from tracemill_sandbox.inside.job import Ended
from tracemill_sandbox.request import Limits
from tracemill_sandbox.result import Claims, Facts, RunResult, Status


@dataclass(frozen=True, kw_only=True)
class Left:
    """What stood in the run's folder at the end.

    Attributes:
        usage: Sizes.
        contents: Path -> content of the files that were to be kept.
    """

    usage: Usage
    contents: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What each result says of where it comes from; see ``RunResult``."""

    run_id: str
    worker_id: str
    backend: str
    tier: str


def of_program(stamp: Stamp, capture: Capture, limits: Limits, left: Left) -> RunResult:
    """Return the result of a run of one program."""
    answer = capture.answers[0] if capture.answers else None
    status, reason = _judge(capture, answer, limits)
    return _result(
        stamp, status, reason, facts=_facts(capture, left), claims=_claims(capture, answer, left)
    )


def of_batch(
    stamp: Stamp, capture: Capture, limits: Limits, left: Left, *, count: int, walls: list[float]
) -> tuple[RunResult, ...]:
    """Return the results of the snippets that were carried out.

    Args:
        stamp: Of all of them.
        capture: Of their process.
        limits: Of the batch.
        left: Of their folder.
        count: Snippets that were asked for.
        walls: Real time of each snippet that handed over, in seconds.
    """
    results = []
    for answer, wall in zip(capture.answers[:count], walls, strict=False):
        status, reason = _spoken(answer, answer.exit_code)
        said = _with_spoken(
            Claims(stdout=answer.stdout, stderr=answer.stderr, truncated=answer.truncated),
            answer,
        )
        facts = _facts(capture, left, wall=wall)
        results.append(_result(stamp, status, reason, facts=facts, claims=said))
    if len(results) < count:
        status, reason = _judge(capture, None, limits)
        claims = _claims(capture, None, left)
        results.append(_result(stamp, status, reason, facts=_facts(capture, left), claims=claims))
    return tuple(results)


def _result(
    stamp: Stamp, status: Status, reason: str, *, facts: Facts, claims: Claims
) -> RunResult:
    return RunResult(
        run_id=stamp.run_id,
        worker_id=stamp.worker_id,
        backend=stamp.backend,
        tier=stamp.tier,
        status=status,
        reason=reason,
        facts=facts,
        claims=claims,
    )


def _judge(capture: Capture, answer: Answer | None, limits: Limits) -> tuple[Status, str]:
    """Return status and reason; the host's own verdict first, then the kernel's, then the word."""
    if capture.cause is not None:
        return capture.cause, capture.reason
    ended = capture.ended.wait_status
    if os.WIFSIGNALED(ended):
        return _signalled(os.WTERMSIG(ended), cpu_used_up=_used_up(capture.ended, limits))
    code = os.WEXITSTATUS(ended)
    if answer is None:
        return "error", f"ended with code {code} without handing over its results"
    return _spoken(answer, code)


def _spoken(answer: Answer, code: int) -> tuple[Status, str]:
    if answer.memory:
        return "memory", "asked for more memory than allowed"
    if answer.exception is not None:
        return "error", f"raised {answer.exception}"
    return ("error", f"ended with code {code}") if code else ("ok", "ended by itself")


def _facts(capture: Capture, left: Left, *, wall: float | None = None) -> Facts:
    ended = capture.ended.wait_status
    signalled = os.WIFSIGNALED(ended)
    kept = len(capture.stdout.kept) + len(capture.stderr.kept) + capture.result_bytes
    return Facts(
        exit_code=None if signalled else os.WEXITSTATUS(ended),
        signal=os.WTERMSIG(ended) if signalled else None,
        wall_seconds=capture.ended.wall_seconds if wall is None else wall,
        cpu_seconds=capture.ended.cpu_seconds,
        peak_memory_bytes=capture.ended.peak_memory_bytes,
        stdout_bytes=capture.stdout.made,
        stderr_bytes=capture.stderr.made,
        disk_bytes=left.usage.size,
        kept_bytes=kept + sum(map(len, left.contents.values())),
        queue_seconds=0.0,
        attempts=1,
    )


def _claims(capture: Capture, answer: Answer | None, left: Left) -> Claims:
    """Return what the guest's side said; without a answer only its output and files."""
    said = Claims(
        stdout=_text(capture.stdout),
        stderr=_text(capture.stderr),
        truncated=_cut(capture.stdout) or _cut(capture.stderr),
        files=left.usage.files,
        contents=left.contents,
    )
    return said if answer is None else _with_spoken(said, answer)


def _with_spoken(claims: Claims, answer: Answer) -> Claims:
    return replace(
        claims,
        exit_code=answer.exit_code,
        exception=answer.exception,
        outputs={binding.name: binding for binding in answer.outputs},
        bindings=answer.bindings,
        bindings_dropped=answer.dropped,
    )


def _used_up(ended: Ended, limits: Limits) -> bool:
    """Tell whether the kernel may have ended it for its time; it counts that in coarser steps."""
    return ended.cpu_seconds >= 0.9 * limits.cpu_seconds


def _signalled(number: int, *, cpu_used_up: bool) -> tuple[Status, str]:
    if number in (signal.SIGXCPU, signal.SIGKILL) and cpu_used_up:
        return "timeout", "used up its processor time"
    names = {int(known): known.name for known in signal.Signals}
    return "killed", f"ended by {names.get(number, f'signal {number}')}"


def _text(stream: Stream) -> str:
    return bytes(stream.kept).decode("utf-8", errors="replace")


def _cut(stream: Stream) -> bool:
    return stream.made > len(stream.kept)
