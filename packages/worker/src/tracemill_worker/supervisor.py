"""Runs one claimed run in a child process group and says how it ended.

The supervisor, not the child, keeps the lease: native code in the child can hold the interpreter
for seconds. It takes the output, watches deadline, lease and cancel, and ends the whole group.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_schema.canonical import Value
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record
from tracemill_schema.run import RunFailure
from tracemill_worker.errors import CannotWork, StaleClaim, StoreUnavailable, TooLarge
from tracemill_worker.output import LineSplitter, LogBuffer
from tracemill_worker.store import Claim, Outcome, RunStore, checked_document

SECRET_VARIABLES = ("TRACEMILL_DATABASE_URL", "PGPASSWORD")
"""Taken from the child's environment: a handler needs no database."""
TICK_S = 0.2
"""How often ended children and due heartbeats are looked for while nothing is printed."""
FLUSH_S = 0.25
"""How old a printed line may get before it is sent to the store."""
READ_BYTES = 64 * 1024
DRAIN_S = 1.0
"""How long output is still read after the end; a process that left the group may hold the pipe."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one attempt may take.

    Attributes:
        lease_s: Seconds that a claim stands without a heartbeat.
        beat_s: Seconds between heartbeats; also how late a cancel is noticed.
        grace_s: Seconds between the polite stop (SIGTERM) and the end (SIGKILL).
        log_chars: Characters of output that are kept.
    """

    lease_s: float = 30.0
    beat_s: float = 2.0
    grace_s: float = 5.0
    log_chars: int = 4 * 1024 * 1024


class ChildOutcome(Record):
    """What the child writes into its outcome file."""

    result: dict[str, Value] | None
    failure: RunFailure | None


def process_run_safely(
    store: RunStore,
    claim: Claim,
    *,
    workspace: Path,
    limits: Limits = Limits(),
    resolve: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
    environment: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Run the claimed run in a child process; return how it ended. The store is told by the caller.

    Args:
        store: Takes heartbeats and log chunks.
        claim: The run.
        workspace: Folder that all paths in the config are relative to; made if missing.
        limits: Times and sizes.
        resolve: Kind -> ``module:function``, taken before the entry points.
        on_line: Called with each kept line of output.
        environment: Of the child, less the secrets.
        clock: Seconds; only differences count.

    Returns:
        The outcome; a failure of kind ``lost`` means that the claim no longer holds.

    Raises:
        CannotWork: if the temporary folder can't take the request.
        KeyboardInterrupt: after the whole group was ended.
    """
    early = _before_start(store, claim, limits) or _without_workspace(workspace)
    if early is not None:
        return early
    attendance = _Attendance(store, claim, limits, on_line or _ignore, clock)
    target = (resolve or {}).get(claim.run.kind)
    with _handed_over(claim, workspace, target) as request:
        outcome = request.with_name("outcome.json")
        with _started(request, outcome, environment) as child:
            try:
                stopped = attendance.attend(child)
            finally:
                _end_group(child, grace_s=limits.grace_s)
            attendance.finish(child)
        return _judged(claim, stopped or _outcome(outcome, child.returncode))


class _Attendance:
    """Everything that happens beside the child while it works."""

    def __init__(
        self,
        store: RunStore,
        claim: Claim,
        limits: Limits,
        on_line: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._claim = claim
        self._limits = limits
        self._on_line = on_line
        self._clock = clock
        self._started = self._beat_ok = self._beat_due = self._flushed = clock()
        self._splitter = LineSplitter()
        self._buffer = LogBuffer(budget=limits.log_chars)
        self._unsent: list[tuple[int, str]] = []
        self._seq = 0

    def attend(self, child: subprocess.Popen[bytes]) -> RunFailure | None:
        """Stay with the child until it ends; return why it was stopped, if it was."""
        assert child.stdout is not None  # noqa: S101 - opened as a pipe
        stopped: RunFailure | None = None
        kill_at = float("inf")
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while child.poll() is None:
                if selector.get_map() and not selector.select(TICK_S):
                    pass
                elif not self._read(child):
                    selector.unregister(child.stdout)
                if not selector.get_map():
                    _wait(child, TICK_S)
                reason = None if stopped else self._reason_to_stop()
                if reason is not None:
                    stopped = reason
                    _signal_group(child, signal.SIGTERM)
                    grace = 0.0 if reason.kind == "lost" else self._limits.grace_s
                    kill_at = self._clock() + grace
                if self._clock() >= kill_at:
                    _signal_group(child, signal.SIGKILL)
        return stopped

    def finish(self, child: subprocess.Popen[bytes]) -> None:
        """Read what is left of the output and send it."""
        assert child.stdout is not None  # noqa: S101 - opened as a pipe
        deadline = self._clock() + DRAIN_S
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while (left := deadline - self._clock()) > 0 and selector.select(left):
                if not self._read(child):
                    break
        self._take(self._splitter.end())
        self._queue(self._buffer.take())
        self._queue(self._buffer.end())
        with contextlib.suppress(StaleClaim):
            self._send()

    def _read(self, child: subprocess.Popen[bytes]) -> bool:
        assert child.stdout is not None  # noqa: S101 - opened as a pipe
        data = os.read(child.stdout.fileno(), READ_BYTES)
        self._take(self._splitter.feed(data))
        return bool(data)

    def _take(self, lines: list[str]) -> None:
        for line in lines:
            if self._buffer.add(line):
                self._on_line(line)

    def _reason_to_stop(self) -> RunFailure | None:
        now = self._clock()
        limit = self._claim.time_limit_s
        if limit is not None and now - self._started > limit:
            return _failure("limit", f"it took longer than its time limit of {limit:g} s")
        try:
            if self._buffer.full or now - self._flushed > FLUSH_S:
                self._flushed = now
                self._queue(self._buffer.take())
                self._send()
            return self._beat(now)
        except StaleClaim as error:
            return _failure("lost", str(error))

    def _beat(self, now: float) -> RunFailure | None:
        if now < self._beat_due:
            return None
        self._beat_due = now + self._limits.beat_s
        try:
            cancelled = self._store.heartbeat(self._claim, lease_s=self._limits.lease_s)
        except StoreUnavailable as error:
            if self._clock() - self._beat_ok < self._limits.lease_s:
                return None
            return _failure("lost", f"the lease ran out while the store was away: {error}")
        self._beat_ok = now
        return _failure("cancelled", "cancelled while it ran") if cancelled else None

    def _queue(self, text: str) -> None:
        if text:
            self._unsent.append((self._seq, text))
            self._seq += 1

    def _send(self) -> None:
        """Send what waits, in order; what the store can't take now is sent next time."""
        try:
            while self._unsent:
                seq, text = self._unsent[0]
                self._store.append_log(self._claim, seq=seq, text=text)
                self._unsent.pop(0)
        except StoreUnavailable:
            return


def _before_start(store: RunStore, claim: Claim, limits: Limits) -> Outcome | None:
    if claim.time_limit_s is not None and claim.time_limit_s <= 0:
        message = "its time limit of 0 s was over before it started"
        return Outcome(result=None, failure=_failure("limit", message))
    try:
        if store.heartbeat(claim, lease_s=limits.lease_s):
            message = "cancelled before it started"
            return Outcome(result=None, failure=_failure("cancelled", message))
    except (StaleClaim, StoreUnavailable) as error:
        return Outcome(result=None, failure=_failure("lost", str(error)))
    return None


def _without_workspace(workspace: Path) -> Outcome | None:
    try:
        workspace.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"{workspace}: the workspace can't be made ({error.strerror}); choose another folder"
        )
        return Outcome(result=None, failure=_failure("user_error", message, 3))
    return None


@contextlib.contextmanager
def _handed_over(claim: Claim, workspace: Path, target: str | None) -> Iterator[Path]:
    """Yield the file that tells the child what to do, in a folder of its own."""
    wanted = {
        "kind": claim.run.kind,
        "config": claim.run.config,
        "workspace": str(workspace.resolve()),
        "target": target,
    }
    with contextlib.ExitStack() as stack:
        try:
            made = tempfile.TemporaryDirectory(prefix="tracemill-run-", ignore_cleanup_errors=True)
            request = Path(stack.enter_context(made)) / "request.json"
            request.write_text(json.dumps(wanted), encoding="utf-8")
        except OSError as error:
            raise CannotWork(
                f"{tempfile.gettempdir()}: the run can't be handed over there ({error.strerror}); "
                "free some space or set TMPDIR to another folder"
            ) from error
        yield request


def _started(
    request: Path, outcome: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in environment.items() if name not in SECRET_VARIABLES}
    kept["PYTHONUNBUFFERED"] = "1"
    kept["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        # -P: a file random.py in the current folder must not be taken for the module.
        [sys.executable, "-P", "-m", "tracemill_worker.child", str(request), str(outcome)],
        stdin=subprocess.PIPE,  # its other end tells the child that we live
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=kept,
        start_new_session=True,
    )


def _end_group(child: subprocess.Popen[bytes], *, grace_s: float) -> None:
    """End what is left of the group; whoever gets impatient meanwhile ends it at once."""
    try:
        if child.poll() is None:
            _signal_group(child, signal.SIGTERM)
            _wait(child, grace_s)
    finally:
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for zombies
        os.killpg(child.pid, sign)


def _wait(child: subprocess.Popen[bytes], timeout_s: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout_s)


def _outcome(path: Path, code: int) -> ChildOutcome:
    if path.is_file():
        try:
            return ChildOutcome.from_bytes(path.read_bytes(), where="outcome of the handler")
        except RecordError as error:
            return ChildOutcome(result=None, failure=_failure("crash", str(error)))
    if code >= 0:
        message = f"the handler's process ended with exit code {code} and without a result"
        return ChildOutcome(result=None, failure=_failure("crash", message, code))
    name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
    message = f"the handler's process was ended by {name}"
    if -code == signal.SIGKILL:
        message += "; nobody here sent it: the system may have run out of memory"
    return ChildOutcome(result=None, failure=_failure("signal", message, code))


def _judged(claim: Claim, ended: ChildOutcome | RunFailure) -> Outcome:
    if isinstance(ended, RunFailure):
        return Outcome(result=None, failure=ended)
    if ended.result is not None:
        try:
            checked_document(ended.result, what=f"result of run {claim.run_id}")
        except TooLarge as error:
            return Outcome(result=None, failure=_failure("limit", str(error)))
        except RecordError as error:
            return Outcome(result=None, failure=_failure("crash", str(error)))
    return Outcome(result=ended.result, failure=ended.failure)


def _failure(kind: str, message: str, code: int | None = None) -> RunFailure:
    return RunFailure.model_validate({"kind": kind, "message": message, "exit_code": code})


def _ignore(line: str) -> None:
    """Nobody watches."""
    del line
