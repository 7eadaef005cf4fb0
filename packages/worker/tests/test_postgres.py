"""What only a real server can show; the rules of every store are in test_store.py."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tracemill_worker.errors import StoreRefused, StoreUnavailable
from tracemill_worker.postgres import PostgresStore
from tracemill_worker.process import Owner
from tracemill_worker.query import statements
from tracemill_worker.store import Outcome

DONE = Outcome(result={}, failure=None)
pytestmark = pytest.mark.postgres


def twenty_pending(store: PostgresStore) -> None:
    """The trap: the planner believes that there is one row."""
    store.enqueue(kind="echo", config={})
    store.execute("ANALYZE tracemill.runs")
    for _ in range(19):
        store.enqueue(kind="echo", config={})


def test_a_claim_takes_exactly_one_of_twenty(postgres_store: PostgresStore, owner: Owner) -> None:
    twenty_pending(postgres_store)
    for number in range(1, 21):
        claim = postgres_store.claim_pending_run(owner=owner, lease_s=30)
        assert claim is not None
        assert claim.run_id == number
        expected = {"running": number} | ({"pending": 20 - number} if number < 20 else {})
        assert postgres_store.counts() == dict(sorted(expected.items()))
    assert postgres_store.claim_pending_run(owner=owner, lease_s=30) is None


def claim_plan(store: PostgresStore) -> str:
    text = statements("run.sql")["claim_pending_run"]
    values = {"lease_s": "30", "pid": "1"}
    for name in ("lease_s", "worker", "host", "pid", "process_started"):
        text = text.replace(f"%({name})s", values.get(name, "'x'"))
    rows = store.execute(f"EXPLAIN (FORMAT JSON) {text}")
    return json.dumps(rows[0]["QUERY PLAN"])


def test_the_claim_reads_the_partial_index_however_many_runs_are_over(
    postgres_store: PostgresStore,
) -> None:
    postgres_store.execute(
        "INSERT INTO tracemill.runs (kind, config, max_attempts, run_after, created_at)"
        " SELECT 'echo', '{}', 1, now(), now() FROM generate_series(1, 2000)"
    )
    postgres_store.execute(
        "UPDATE tracemill.runs SET state = 'cancelled', finished_at = now(), error = '{}'"
        " WHERE id <= 1990"
    )
    postgres_store.execute("ANALYZE tracemill.runs")
    plan = claim_plan(postgres_store)
    assert '"Index Name": "runs_pending"' in plan
    assert '"Node Type": "LockRows"' in plan
    assert '"CTE Name": "c"' in plan, "the CTE is materialised"
    assert "Seq Scan" not in plan


def test_heartbeats_stay_hot(postgres_store: PostgresStore, owner: Owner) -> None:
    postgres_store.enqueue(kind="echo", config={})
    claim = postgres_store.claim_pending_run(owner=owner, lease_s=30)
    assert claim is not None
    hot = "SELECT n_tup_hot_upd AS n FROM pg_stat_xact_user_tables WHERE relname = 'runs'"
    flush = "SELECT pg_stat_force_next_flush()"
    total = "SELECT n_tup_hot_upd AS n FROM pg_stat_user_tables WHERE relname = 'runs'"
    postgres_store.execute(flush)
    before = postgres_store.execute(total)[0]["n"]
    for _ in range(5):
        postgres_store.heartbeat(claim, lease_s=30)
    postgres_store.execute(flush)
    assert postgres_store.execute(hot)[0]["n"] + postgres_store.execute(total)[0]["n"] - before == 5


def test_two_workers_over_200_runs_execute_each_once(
    postgres_store: PostgresStore, database_url: str, owner: Owner
) -> None:
    ids = [postgres_store.enqueue(kind="echo", config={"i": i}).id for i in range(200)]

    def work(_: int) -> list[int]:
        store = PostgresStore(lambda: database_url)
        done = []
        while (claim := store.claim_pending_run(owner=owner, lease_s=30)) is not None:
            done.append(claim.run_id)
            store.finish(claim, DONE)
        store.close()
        return done

    with ThreadPoolExecutor(2) as pool:
        shares = tuple(pool.map(work, range(2)))
    assert all(shares), "both workers took part"
    assert sorted(shares[0] + shares[1]) == ids
    assert postgres_store.counts() == {"succeeded": 200}
    attempts = postgres_store.execute("SELECT count(*) AS n FROM tracemill.run_attempts")
    assert attempts[0]["n"] == 200


def test_a_lost_connection_is_made_anew(postgres_store: PostgresStore, database_url: str) -> None:
    run = postgres_store.enqueue(kind="echo", config={}, unique_key="k")
    for call in (
        lambda: postgres_store.show(run.id),
        lambda: postgres_store.enqueue(kind="echo", config={}, unique_key="k"),
        postgres_store.reap,
    ):
        _terminate_others(database_url)
        call()
    _terminate_others(database_url)
    with pytest.raises(StoreUnavailable, match="the database does not answer"):
        postgres_store.enqueue(kind="echo", config={})  # sent twice it might stand there twice
    assert postgres_store.enqueue(kind="echo", config={}).id > run.id


def _terminate_others(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_a_listener_is_woken_by_an_enqueue(
    postgres_store: PostgresStore, database_url: str
) -> None:
    listener = PostgresStore(lambda: database_url)
    listener.wait(0)
    postgres_store.enqueue(kind="echo", config={})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(listener.wait, 30)
        waiting.result(timeout=5)
    listener.close()


def test_a_read_only_database_is_named(postgres_store: PostgresStore) -> None:
    postgres_store.execute("SET default_transaction_read_only = on")
    with pytest.raises(StoreUnavailable, match="cannot execute INSERT in a read-only transaction"):
        postgres_store.enqueue(kind="echo", config={})


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    pauses: list[float] = []
    url = "postgresql://me:hidden@127.0.0.1:1/runs"
    store = PostgresStore(lambda: url, pause=pauses.append)
    with pytest.raises(StoreUnavailable) as caught:
        store.show(1)
    assert str(caught.value).startswith(
        "database runs at 127.0.0.1:1: the database does not answer ("
    )
    assert "hidden" not in str(caught.value)
    assert pauses


def test_a_user_without_rights_is_told_so(postgres_store: PostgresStore, database_url: str) -> None:
    postgres_store.execute("DROP ROLE IF EXISTS stranger")
    postgres_store.execute("CREATE ROLE stranger LOGIN PASSWORD 'hidden'")
    strange = "postgresql://stranger:hidden@" + database_url.rpartition("@")[2]
    store = PostgresStore(lambda: strange)
    for call in (store.counts, store.upgrade):
        with pytest.raises(StoreRefused) as caught:
            call()
        assert "the database refused (permission denied for " in str(caught.value)
        assert "hidden" not in str(caught.value)
    store.close()


def test_a_migration_that_the_database_refuses_is_told(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'hidden'")
    store = PostgresStore(lambda: "postgresql://guest:hidden@" + empty_url.rpartition("@")[2])
    with pytest.raises(StoreRefused, match=r"the database refused \(.*permission denied for data"):
        store.upgrade()
    store.close()
