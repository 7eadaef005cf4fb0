"""The store of runs on PostgreSQL: the only module that talks to the database.

One connection, one statement per call, each its own transaction. After a lost connection the next
call connects anew; statements that may be sent twice are sent again by themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg
from psycopg import errors as fault
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from tracemill_schema.canonical import JsonObject, canonical_bytes
from tracemill_schema.record import Instant
from tracemill_schema.run import Run, RunFailure, RunState
from tracemill_worker import migrate
from tracemill_worker.errors import (
    RunRefused,
    SchemaMismatch,
    StaleClaim,
    StoreRefused,
    StoreUnavailable,
    UnknownRun,
)
from tracemill_worker.process import Owner
from tracemill_worker.query import statements
from tracemill_worker.store import (
    DEFAULT_ATTEMPTS,
    Attempt,
    Claim,
    Held,
    LogChunk,
    Outcome,
    RunEvent,
    checked_document,
    checked_workspace,
    new_run,
)

CHANNEL = "tracemill_runs"
OLDEST_SERVER = 140000
"""PostgreSQL 14: functions with a SQL body (``RETURN``)."""
Connection = psycopg.Connection[DictRow]
Parameters = Mapping[str, object]
Rows = list[DictRow]


class PostgresStore:
    """A RunStore on a server.

    Args:
        url: Called for the connection URL before each connect; it may start the server.
        pause: Sleeps between two tries to connect.
    """

    def __init__(
        self, url: Callable[[], str], *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._url = url
        self._pause = pause
        self._where = "the database"
        self._open: Connection | None = None
        self._listening = False

    def enqueue(
        self,
        *,
        kind: str,
        config: JsonObject,
        workspace: str | None = None,
        unique_key: str | None = None,
        priority: int = 0,
        max_attempts: int = DEFAULT_ATTEMPTS,
        delay_s: float = 0.0,
        time_limit_s: float | None = None,
    ) -> Run:
        """See RunStore."""
        draft = new_run(
            run_id=1,
            kind=kind,
            config=config,
            unique_key=unique_key,
            max_attempts=max_attempts,
            created_at="1970-01-01T00:00:00Z",  # the database's clock says the real one
        )
        parameters: Parameters = {
            "kind": kind,
            "config": canonical_bytes(draft.config).decode(),
            "workspace": checked_workspace(workspace, kind=kind),
            "unique_key": unique_key,
            "priority": priority,
            "max_attempts": max_attempts,
            "delay_s": delay_s,
            "time_limit_s": time_limit_s,
        }
        while True:
            # With a key it may be sent twice. The live run may end between the two statements.
            rows = self._rows("enqueue", parameters, again=unique_key is not None)
            rows = rows or self._rows("live_by_key", {"unique_key": unique_key})
            if rows:
                return _run(rows[0])

    def claim_pending_run(
        self, *, owner: Owner, lease_s: float, run_id: int | None = None
    ) -> Claim | None:
        """See RunStore."""
        parameters: Parameters = {
            "run_id": run_id,
            "lease_s": lease_s,
            "worker": owner.worker,
            "host": owner.host,
            "pid": owner.pid,
            "process_started": owner.started,
        }
        name = "claim_pending_run" if run_id is None else "claim_run"
        rows = self._rows(name, parameters, again=False)
        if not rows:
            return None
        row = rows[0]
        limit, workspace = row["time_limit_s"], row["workspace"]
        return Claim(run=_run(row), time_limit_s=limit, workspace=workspace)

    def heartbeat(self, claim: Claim, *, lease_s: float) -> bool:
        """See RunStore."""
        return bool(self._held("heartbeat", claim, {"lease_s": lease_s})["cancel_requested"])

    def append_log(self, claim: Claim, *, seq: int, text: str) -> None:
        """See RunStore."""
        self._held("append_log", claim, {"seq": seq, "text": text.replace("\0", "\ufffd")})

    def finish(self, claim: Claim, outcome: Outcome) -> Run:
        """See RunStore."""
        what = f"result of run {claim.run_id}"
        parameters: Parameters = {
            "run_id": claim.run_id,
            "claim_no": claim.claim_no,
            "state": outcome.state,
            "result": None
            if outcome.result is None
            else checked_document(outcome.result, what=what),
            "error": outcome.failure.to_bytes().decode() if outcome.failure else None,
        }
        rows = self._rows("finish", parameters) or self._rows("finished_before", parameters)
        if not rows:
            raise StaleClaim(run_id=claim.run_id, claim_no=claim.claim_no)
        return _run(rows[0])

    def release(self, claim: Claim) -> Run:
        """See RunStore."""
        return _run(self._held("release", claim, {}))

    def held_on(self, host: str) -> tuple[Held, ...]:
        """See RunStore."""
        return tuple(_held_row(row) for row in self._rows("held_on", {"host": host}))

    def reap(self, gone: Collection[Held] = ()) -> tuple[Run, ...]:
        """See RunStore."""
        parameters = {
            "ids": [held.run_id for held in gone],
            "claims": [held.claim_no for held in gone],
        }
        return tuple(_run(row) for row in self._rows("reap", parameters))

    def cancel(self, run_id: int) -> Run:
        """See RunStore."""
        rows = self._rows("cancel", {"run_id": run_id})
        if not rows:
            state = self.show(run_id).state
            raise RunRefused(f"run {run_id} is over ({state}); only a live run can be cancelled")
        return _run(rows[0])

    def retry(self, run_id: int) -> Run:
        """See RunStore."""
        try:
            rows = self._rows("retry", {"run_id": run_id})
        except fault.UniqueViolation:
            raise RunRefused(
                f"run {run_id} can't be retried: a live run has the same unique key"
            ) from None
        if not rows:
            state = self.show(run_id).state
            raise RunRefused(f"run {run_id} is {state}; only a run that went wrong can be retried")
        return _run(rows[0])

    def show(self, run_id: int) -> Run:
        """See RunStore."""
        rows = self._rows("show", {"run_id": run_id})
        if not rows:
            raise UnknownRun(run_id)
        return _run(rows[0])

    def list(
        self, *, state: RunState | None = None, kind: str | None = None, limit: int = 100
    ) -> tuple[Run, ...]:
        """See RunStore."""
        rows = self._rows("list", {"state": state, "kind": kind, "limit": limit})
        return tuple(_run(row) for row in rows)

    def logs(self, run_id: int, *, after: tuple[int, int] = (0, -1)) -> tuple[LogChunk, ...]:
        """See RunStore."""
        claim_no, seq = after
        rows = self._rows("logs", {"run_id": run_id, "claim_no": claim_no, "seq": seq})
        if not rows:
            self.show(run_id)
        return tuple(LogChunk(**row) for row in rows)

    def events(self, run_id: int) -> tuple[RunEvent, ...]:
        """See RunStore."""
        self.show(run_id)
        rows = self._rows("events", {"run_id": run_id})
        return tuple(RunEvent(**{**row, "at": _instant(row["at"])}) for row in rows)

    def attempts(self, run_id: int) -> tuple[Attempt, ...]:
        """See RunStore."""
        self.show(run_id)
        return tuple(_attempt(row) for row in self._rows("attempts", {"run_id": run_id}))

    def counts(self) -> dict[RunState, int]:
        """See RunStore."""
        return {row["state"]: row["n"] for row in self._rows("counts", {})}

    def wait(self, timeout_s: float) -> None:
        """See RunStore; the poll behind it covers a notification that was lost on the way."""
        try:
            connection = self._connection()
            if not self._listening:
                connection.execute(f"LISTEN {CHANNEL}")
                self._listening = True
                return  # what came before is not announced: look first
            for _ in connection.notifies(timeout=timeout_s, stop_after=1):
                pass
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self._drop()
            raise self._unavailable(error) from error
        except psycopg.Error as error:
            raise self._refused(error) from error

    def revision(self) -> str | None:
        """Return the revision of the tables in the database; None if there are none."""
        try:
            rows = self._rows("revision", {})
        except SchemaMismatch:
            return None
        return str(rows[0]["version_num"]) if rows else None

    def upgrade(self) -> None:
        """Bring the tables to this version.

        Raises:
            SchemaMismatch: if they are newer than this version, or the server is too old.
            StoreRefused: if the database refused; nothing of it was kept.
        """
        found = self.revision()
        if found == migrate.HEAD:
            return
        version = self._connection().info.server_version
        if version < OLDEST_SERVER:
            raise SchemaMismatch(f"wanted PostgreSQL 14 or later, got {version // 10000}")
        if found is not None and found > migrate.HEAD:
            self.check()
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - as slow as alembic

        try:
            with psycopg.connect(self._url()) as connection:
                migrate.upgrade(connection)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise self._unavailable(error) from error
        except (psycopg.Error, SQLAlchemyError) as error:
            raise self._refused(error) from error

    def check(self) -> None:
        """Check that the tables are those of this version.

        Raises:
            SchemaMismatch: if they are not; the message says what to do.
        """
        found = self.revision()
        if found == migrate.HEAD:
            return
        todo = "run: tracemill db migrate"
        if found is not None and found > migrate.HEAD:
            todo = "install the tracemill that made it"
        raise SchemaMismatch(
            f"{self._where}: wanted tables of revision {migrate.HEAD}, "
            f"got {found or 'none'}; {todo}"
        )

    def others(self) -> int:
        """Return how many other clients are connected to the server."""
        return int(self._rows("others", {})[0]["n"])

    def execute(self, text: LiteralString, parameters: Sequence[object] = ()) -> Rows:
        """Run a statement that has no name; for measurements and tests."""
        cursor = self._connection().execute(text, parameters or None)
        return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """See RunStore."""
        self._drop()

    def _held(self, name: str, claim: Claim, parameters: Parameters) -> DictRow:
        fenced = {**parameters, "run_id": claim.run_id, "claim_no": claim.claim_no}
        # A release that is sent twice would find nothing to release and look stale.
        rows = self._rows(name, fenced, again=name != "release")
        if not rows:
            raise StaleClaim(run_id=claim.run_id, claim_no=claim.claim_no)
        return rows[0]

    def _rows(self, name: str, parameters: Parameters, *, again: bool = True) -> Rows:
        text = statements("run.sql")[name]
        for last in (not again, True):
            try:
                return self._connection().execute(text, parameters).fetchall()
            except (fault.UndefinedTable, fault.InvalidSchemaName, fault.UndefinedColumn):
                raise SchemaMismatch(
                    f"{self._where}: the tables of tracemill are missing or older; "
                    "run: tracemill db migrate"
                ) from None
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self._drop()
                if last:
                    raise self._unavailable(error) from error
            except fault.ReadOnlySqlTransaction as error:
                raise self._unavailable(error) from error
            except fault.UniqueViolation:
                raise  # the caller knows which key it is about
            except psycopg.Error as error:
                raise self._refused(error) from error
        raise AssertionError("the last try returns or raises")

    def _connection(self) -> Connection:
        if self._open is not None and not self._open.closed:
            return self._open
        for last in (False, True):
            try:
                url = self._url()
                self._where = _where(url)
                self._open = psycopg.connect(url, autocommit=True, row_factory=dict_row)
                break
            except psycopg.OperationalError as error:
                if last:
                    raise self._unavailable(error) from error
                self._pause(0.2)  # a server that was just killed may still look alive
        self._listening = False
        assert self._open is not None  # noqa: S101 - set by the loop
        return self._open

    def _refused(self, error: Exception) -> StoreRefused:
        return StoreRefused(
            f"{self._where}: the database refused ({_first_line(error)}); give its user the "
            "rights on the schema tracemill and its tables, or name another user in the URL"
        )

    def _unavailable(self, error: psycopg.Error) -> StoreUnavailable:
        return StoreUnavailable(
            f"{self._where}: the database does not answer ({_first_line(error)}); "
            "start it with: tracemill db start, or check TRACEMILL_DATABASE_URL"
        )

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or "no reason given").splitlines()[0]


def _where(url: str) -> str:
    """Name a server without its password."""
    parts = conninfo_to_dict(url)
    return f"database {parts.get('dbname', '')} at {parts.get('host')}:{parts.get('port', 5432)}"


def _instant(moment: datetime) -> Instant:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _maybe_instant(moment: datetime | None) -> Instant | None:
    return None if moment is None else _instant(moment)


def _failure(values: dict[str, Any] | None) -> RunFailure | None:
    return None if values is None else RunFailure.model_validate(values)


def _run(row: DictRow) -> Run:
    return Run(
        id=row["id"],
        kind=row["kind"],
        config=row["config"],
        state=row["state"],
        unique_key=row["unique_key"],
        attempt=row["attempt"],
        max_attempts=row["max_attempts"],
        claim_no=row["claim_no"],
        lease_until=_maybe_instant(row["lease_until"]),
        worker=row["worker"],
        created_at=_instant(row["created_at"]),
        started_at=_maybe_instant(row["started_at"]),
        finished_at=_maybe_instant(row["finished_at"]),
        error=_failure(row["error"]),
        result=row["result"],
    )


def _held_row(row: DictRow) -> Held:
    owner = Owner(
        worker=row["worker"], host=row["host"], pid=row["pid"], started=row["process_started"]
    )
    return Held(run_id=row["id"], claim_no=row["claim_no"], owner=owner)


def _attempt(row: DictRow) -> Attempt:
    return Attempt(
        claim_no=row["claim_no"],
        worker=row["worker"],
        started_at=_instant(row["started_at"]),
        ended_at=_instant(row["ended_at"]),
        outcome=row["outcome"],
        error=_failure(row["error"]),
    )
