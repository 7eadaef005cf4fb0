"""What can go wrong in the sandbox, drawn once.

    TracemillError
    |-- SandboxError               exit code 3
    |   |-- SandboxUnavailable     this machine can not give the isolation that was asked for
    |   |-- PoolStopped            a run was asked of a pool that is stopped
    |   |-- PoolSaturated          too many runs are waiting; try again later
    |   |-- SessionClosed          a cell was asked of a session that has ended
    |   `-- WorkerLost             a fork server ended or did not answer (never leaves the pool)
    `-- UsageFault
        `-- RequestInvalid         exit code 2: the run request itself is wrong

What the guest's program does wrong is never an exception: it is a ``RunResult`` with its status.
"""

from __future__ import annotations

from tracemill_schema.errors import TracemillError, UsageFault


class SandboxError(TracemillError):
    """The sandbox could not do its work; says nothing about the guest's program."""


class SandboxUnavailable(SandboxError):
    """No worker can be started here with the tier that was asked for.

    Attributes:
        reasons: What was tried and how it failed.
        remedies: What a person can do about it, one sentence each.
    """

    def __init__(self, *, reasons: tuple[str, ...], remedies: tuple[str, ...]) -> None:
        self.reasons = reasons
        self.remedies = remedies
        super().__init__(
            "the sandbox is not available here: "
            + "; ".join(reasons)
            + ". What helps: "
            + "; ".join(remedies)
        )


class PoolStopped(SandboxError):
    """The pool was stopped (or was never started) when a run was asked of it."""

    def __init__(self) -> None:
        super().__init__("the sandbox pool is stopped and takes no more runs; open a new pool")


class PoolSaturated(SandboxError):
    """More runs wait than the pool admits.

    Attributes:
        retry_after: Seconds after which a slot is likely to be free.
    """

    def __init__(self, *, waiting: int, limit: int, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(
            f"{waiting} runs are waiting for a sandbox worker, at most {limit} may; "
            f"try again in {retry_after:g} s"
        )


class SessionClosed(SandboxError):
    """The session was closed, or ended with its worker or at its time limit.

    Attributes:
        reason: Why it has ended.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the session has ended ({reason}); open a new one")


class WorkerLost(SandboxError):
    """A fork server ended, could not start or broke the protocol; the pool answers for it."""


class RequestInvalid(UsageFault):
    """A run request names an impossible file, output or limit."""
