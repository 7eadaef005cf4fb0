"""What a run gave: facts that the kernel and the host measured, apart from the guest's claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tracemill_schema.canonical import Value

Status = Literal[
    "ok",
    "error",
    "timeout",
    "memory",
    "output_limit",
    "killed",
    "cancelled",
    "infra_error",
]
"""How a run ended.

ok: the program ended by itself with exit code 0 and handed over its results. error: it raised, or
ended with another code or without handing over. timeout: wall or processor time was used up.
memory: it asked for more memory than allowed, or its processes together took more. output_limit: it
wrote more than allowed. killed: a signal ended it, or it had too many processes. cancelled: its
caller gave it up, or the pool was stopped while it ran. infra_error: the sandbox itself failed,
twice; never a verdict on the program.
"""

Coverage = Literal["whole", "summary", "opaque"]
"""whole: ``value`` is the whole value. summary: ``value`` is a bounded text, the hash covers the
whole value. opaque: the value has no JSON form (or is too large to convert); ``value`` is a text
that names its type, and the hash covers that text."""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """One executed top-level assignment to a single name, in order of execution.

    Attributes:
        line_number: First line of the statement in the request's code, counted from 1.
        name: The variable.
        value: JSON value right after the assignment, or a text (see ``coverage``).
        value_hash: SHA-256 of the canonical JSON, 64 hex digits; for ``whole`` computed by the
            host from ``value``, for ``summary`` by the guest's runner.
        coverage: What ``value`` and ``value_hash`` cover.
    """

    line_number: int
    name: str
    value: Value
    value_hash: str
    coverage: Coverage = "whole"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the kernel and the host measured; the guest can not choose these.

    Of a snippet in a batch all but ``wall_seconds`` are those of the whole process.

    Attributes:
        exit_code: Code with which the program's process ended; None if a signal ended it.
        signal: Number of the signal that ended it; None otherwise.
        wall_seconds: Real time from hand-over to the end.
        cpu_seconds: Processor time of the program and its waited-for children.
        peak_memory_bytes: Largest resident set, preloaded libraries included.
        stdout_bytes: Bytes written to stdout, whether kept or not.
        stderr_bytes: Bytes written to stderr, whether kept or not.
        disk_bytes: Bytes in the run's folder at the end, the request's files included.
        kept_bytes: Bytes that came back: of stdout, stderr, the result channel and kept files.
        queue_seconds: Time the request waited for a worker.
        attempts: 1, or 2 if the first worker was lost.
    """

    exit_code: int | None
    signal: int | None
    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    stdout_bytes: int
    stderr_bytes: int
    disk_bytes: int
    kept_bytes: int
    queue_seconds: float
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the guest's side says. Correctness is judged from it on the host, never by it.

    Attributes:
        stdout: Text, invalid UTF-8 replaced, cut at ``Limits.output_bytes``.
        stderr: Likewise; ends with the traceback if the program raised.
        truncated: True if stdout or stderr were cut.
        exit_code: Code with which the program meant to end; None if it handed nothing over. The
            code with which its process did end stands in the facts.
        exception: Type name of what the program raised; None if it did not.
        files: Relative path -> size in bytes of the files in the run's folder at the end, the
            request's own included; at most 1,000 of them.
        contents: Relative path -> content of the files that the request wanted to keep.
        outputs: Requested name -> its value; a name that was never bound is absent.
        bindings: Executed top-level single-name assignments in order.
        bindings_dropped: Assignments that were executed but found no room.
    """

    stdout: str = ""
    stderr: str = ""
    truncated: bool = False
    exit_code: int | None = None
    exception: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict)
    outputs: Mapping[str, Binding] = field(default_factory=dict)
    bindings: tuple[Binding, ...] = ()
    bindings_dropped: int = 0


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """How one run ended.

    Attributes:
        run_id: 32 hex digits, fresh per run.
        worker_id: Worker that ran it; empty if none could.
        backend: ``embedded``, ``hardened``, ``oci`` or ``unsafe``.
        tier: Isolation that really held for this run, for instance ``namespaces-landlock``.
        status: See ``Status``.
        reason: One sentence on why the status is what it is.
        facts: Measured.
        claims: Said by the guest.
    """

    run_id: str
    worker_id: str
    backend: str
    tier: str
    status: Status
    reason: str
    facts: Facts
    claims: Claims

    @property
    def ok(self) -> bool:
        """Whether the program ended by itself, without a fault."""
        return self.status == "ok"

    def output(self, name: str) -> Value:
        """Return the value of a requested output, or None if it was never bound."""
        binding = self.claims.outputs.get(name)
        return None if binding is None else binding.value
