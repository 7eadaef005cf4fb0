from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from tracemill_schema.run import TRANSITIONS
from tracemill_worker import migrate
from tracemill_worker.errors import SchemaMismatch
from tracemill_worker.postgres import PostgresStore


def test_head_is_the_newest_revision_and_revisions_form_a_line() -> None:
    files = sorted((migrate.SCRIPTS / "versions").glob("r[0-9]*.py"))
    assert files[-1].name.startswith(f"r{migrate.HEAD}_")
    assert all(file.with_suffix(".sql").is_file() for file in files)


@pytest.mark.postgres
def test_two_migrations_at_once_make_the_tables_once(empty_url: str) -> None:
    code = (
        "import sys, psycopg; from tracemill_worker import migrate\n"
        "with psycopg.connect(sys.argv[1]) as connection: migrate.upgrade(connection)"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, empty_url]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    store = PostgresStore(lambda: empty_url)
    assert store.revision() == migrate.HEAD
    store.upgrade()
    store.close()


@pytest.mark.postgres
def test_missing_and_newer_tables_are_named(empty_url: str) -> None:
    store = PostgresStore(lambda: empty_url)
    where = f"database {empty_url.rpartition('/')[2]} at 127.0.0.1:"
    with pytest.raises(SchemaMismatch) as caught:
        store.check()
    assert str(caught.value).startswith(where)
    assert str(caught.value).endswith(
        "wanted tables of revision 0001, got none; run: tracemill db migrate"
    )
    with pytest.raises(SchemaMismatch, match="the tables of tracemill are missing or older; run"):
        store.list()
    store.upgrade()
    store.check()
    store.execute("UPDATE tracemill.alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="got 9999; install the tracemill that made it"):
        store.upgrade()
    store.close()


@pytest.mark.postgres
def test_the_database_holds_the_same_table_of_transitions(postgres_store: PostgresStore) -> None:
    run = postgres_store.enqueue(kind="echo", config={})
    allowed = {(before, after) for before in TRANSITIONS for after in TRANSITIONS[before]}
    for before in TRANSITIONS:
        for after in TRANSITIONS:
            insert = (
                "INSERT INTO tracemill.run_events (run_id, at, from_state, to_state, claim_no)"
                " VALUES (%s, tracemill.clock(), %s, %s, 0)"
            )
            if (before, after) in allowed:
                postgres_store.execute(insert, [run.id, before, after])
                continue
            with pytest.raises(psycopg.errors.CheckViolation, match="transition_is_known"):
                postgres_store.execute(insert, [run.id, before, after])


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'running'", "running_is_leased"),
        ("state = 'succeeded', finished_at = now()", "success_has_result"),
        ("state = 'failed', finished_at = now()", "other_ends_have_error"),
        ("state = 'cancelled', error = '{}'", "over_is_timed"),
        ("cancel_requested = true", "cancel_is_asked_of_running"),
        ("attempt = 4, claim_no = 4", "attempts_are_bounded"),
        ("worker = 'x'", "pending_is_unheld"),
        ("state = 'lost', finished_at = now()", "runs_state_check"),
        ("kind = 'No Name'", "runs_kind_check"),
        ("config = '[]'", "runs_config_check"),
        ("state = 'dead', finished_at = now(), error = '{}'", "transition_is_known"),
    ],
)
def test_no_statement_can_break_a_rule(
    postgres_store: PostgresStore, change: str, constraint: str
) -> None:
    postgres_store.enqueue(kind="echo", config={})
    with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        postgres_store.execute(f"UPDATE tracemill.runs SET {change}")  # noqa: S608 - our own cases


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["run_events", "run_attempts"])
@pytest.mark.parametrize(
    "change", ["UPDATE tracemill.{} SET run_id = 1", "DELETE FROM tracemill.{}"]
)
def test_history_is_append_only(postgres_store: PostgresStore, table: str, change: str) -> None:
    run = postgres_store.enqueue(kind="echo", config={})
    postgres_store.execute(
        "INSERT INTO tracemill.run_attempts"
        " (run_id, claim_no, worker, started_at, ended_at, outcome)"
        " VALUES (%s, 1, 'w', now(), now(), 'lost')",
        [run.id],
    )
    with pytest.raises(psycopg.errors.RestrictViolation, match=f"{table} is append-only"):
        postgres_store.execute(change.format(table))
