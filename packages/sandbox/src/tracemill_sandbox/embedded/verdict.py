"""Turns what the host saw of a run into its status, facts and claims; a pure function."""

from __future__ import annotations

import os
import signal

from tracemill_sandbox.exchange import Capture, Stream
from tracemill_sandbox.folder import Usage
from tracemill_sandbox.frame import Payload, heard
from tracemill_sandbox.request import Limits
from tracemill_sandbox.result import Claims, Facts, Status


def judge(capture: Capture, payload: Payload | None, limits: Limits) -> tuple[Status, str]:
    """Return status and reason; the host's own verdict first, then the kernel's, then the word."""
    if capture.cause is not None:
        return capture.cause, capture.reason
    ended = capture.ended.wait_status
    if os.WIFSIGNALED(ended):
        return _signalled(os.WTERMSIG(ended), capture.ended.cpu_seconds >= limits.cpu_seconds)
    code = os.WEXITSTATUS(ended)
    if payload is None:
        return "error", f"ended with code {code} without handing over its results"
    return _spoken(payload, code)


def _spoken(payload: Payload, code: int) -> tuple[Status, str]:
    if payload.memory:
        return "memory", "asked for more memory than allowed"
    if payload.exception is not None:
        return "error", f"raised {payload.exception}"
    return ("error", f"ended with code {code}") if code else ("ok", "ended by itself")


def facts(capture: Capture, usage: Usage, *, queue_seconds: float, attempts: int) -> Facts:
    """Return what was measured."""
    ended = capture.ended.wait_status
    signalled = os.WIFSIGNALED(ended)
    return Facts(
        exit_code=None if signalled else os.WEXITSTATUS(ended),
        signal=os.WTERMSIG(ended) if signalled else None,
        wall_seconds=capture.wall_seconds,
        cpu_seconds=capture.ended.cpu_seconds,
        peak_memory_bytes=capture.ended.peak_memory_bytes,
        stdout_bytes=capture.stdout.made,
        stderr_bytes=capture.stderr.made,
        disk_bytes=usage.size,
        queue_seconds=queue_seconds,
        attempts=attempts,
    )


def claims(capture: Capture, payload: Payload | None, usage: Usage) -> Claims:
    """Return what the guest's side said; without a payload only its output and files."""
    return Claims(
        stdout=_text(capture.stdout),
        stderr=_text(capture.stderr),
        truncated=_cut(capture.stdout) or _cut(capture.stderr),
        exception=None if payload is None else payload.exception,
        files=usage.files,
        outputs={} if payload is None else {said.name: heard(said) for said in payload.outputs},
        bindings=() if payload is None else tuple(heard(said) for said in payload.bindings),
        bindings_dropped=0 if payload is None else payload.dropped,
    )


def _signalled(number: int, cpu_used_up: bool) -> tuple[Status, str]:  # noqa: FBT001 - private
    if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu_used_up):
        return "timeout", "used up its processor time"
    names = {int(known): known.name for known in signal.Signals}
    return "killed", f"ended by {names.get(number, f'signal {number}')}"


def _text(stream: Stream) -> str:
    return bytes(stream.kept).decode("utf-8", errors="replace")


def _cut(stream: Stream) -> bool:
    return stream.made > len(stream.kept)
