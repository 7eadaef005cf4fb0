"""What can go wrong in the worker, drawn once.

TracemillError
`-- WorkerError                  exit code 3
    |-- StoreUnavailable         the database can't be reached (now)
    |   `-- ServerFailed         the embedded server could not be started or stopped
    |-- StoreRefused             the database answers, but refuses (rights, a full disk)
    |-- CannotWork               this machine gives a worker no place to work in
    |-- SchemaMismatch           the database's tables are missing, older or newer
    |-- StaleClaim               a run is no longer held by this worker: nothing was written
    |-- BadDatabaseUrl           (exit code 2) TRACEMILL_DATABASE_URL is no address
    |-- NoRunsHere               (exit code 2) the state folder holds no database
    |-- UnknownRun               (exit code 2) no run of that id
    |-- UnknownKind              (exit code 2) no handler for that kind of run
    |-- RunRefused               (exit code 2) a change that the run's state does not allow
    `-- TooLarge                 (exit code 2) a config or result above the limit
"""

from __future__ import annotations

from tracemill_schema.errors import TracemillError, UsageFault


class WorkerError(TracemillError):
    """Base of everything that the worker raises on purpose."""


class StoreUnavailable(WorkerError):
    """The database does not answer; the same call may succeed later."""


class ServerFailed(StoreUnavailable):
    """The embedded PostgreSQL could not be created, started or stopped."""


class StoreRefused(WorkerError):
    """The database answers, but refuses a statement; trying again does not help."""


class CannotWork(WorkerError):
    """This machine gives a worker no place to work in; the run is given back."""


class SchemaMismatch(WorkerError):
    """The tables in the database are not those of this version."""


class StaleClaim(WorkerError):
    """A worker wrote about a run that it no longer holds; the write was refused whole."""

    def __init__(self, *, run_id: int, claim_no: int) -> None:
        self.run_id = run_id
        self.claim_no = claim_no
        super().__init__(
            f"run {run_id}: wanted claim {claim_no} to hold it, but it was taken over, "
            "finished or cancelled since; nothing was written"
        )


class BadDatabaseUrl(WorkerError, UsageFault):
    """TRACEMILL_DATABASE_URL is no address; its text, which may hold a password, is not told."""

    def __init__(self) -> None:
        super().__init__(
            "TRACEMILL_DATABASE_URL (or --database-url): "
            "wanted postgresql://USER:PASSWORD@HOST:PORT/DATABASE, got something else (not shown: "
            "it may hold a password); write special characters of the password as %XX, or unset it"
        )


class NoRunsHere(WorkerError, UsageFault):
    """Nothing was ever queued in this state folder."""


class UnknownRun(WorkerError, UsageFault):
    """There is no run of that id."""

    def __init__(self, run_id: int) -> None:
        super().__init__(f"there is no run {run_id}; list them with: tracemill run list")


class UnknownKind(WorkerError, UsageFault):
    """No installed package handles that kind of run."""


class RunRefused(WorkerError, UsageFault):
    """The state of the run does not allow what was asked."""


class TooLarge(WorkerError, UsageFault):
    """A config or a result is too large for a row; large things belong into files."""
