"""Opens the store of a project: the embedded server, or the one that a URL names."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tracemill_worker import embedded
from tracemill_worker.errors import BadDatabaseUrl, ServerFailed, StoreUnavailable
from tracemill_worker.postgres import PostgresStore

DATABASE_VARIABLE = "TRACEMILL_DATABASE_URL"


def checked_url(url: str) -> str:
    """Return the address of a server if it can be one.

    A special character that a password holds unescaped moves its rest into host, port or database,
    from where messages would show it; such an address is refused too.

    Raises:
        BadDatabaseUrl: if it is none; nothing of its text is told.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        raise BadDatabaseUrl from None
    ports = str(parts.get("port", "")).split(",")
    if any(port and not port.isdecimal() for port in ports):
        raise BadDatabaseUrl
    if any("@" in str(parts.get(name, "")) for name in ("host", "dbname")):
        raise BadDatabaseUrl
    return url


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


@contextmanager
def open_store(
    state: Path,
    database_url: str | None = None,
    *,
    stop_at_end: bool = False,
    environment: Mapping[str, str] = os.environ,
    warn: Callable[[str], None] = _to_stderr,
) -> Iterator[PostgresStore]:
    """Yield the store of a project, its tables ready.

    Without a URL the embedded server of ``state`` is started (or joined), and started again should
    it be killed meanwhile. Its tables are migrated by themselves; those of a server of your own
    only by ``tracemill db migrate``.

    Args:
        state: The project's state folder; made if missing.
        database_url: A server of your own; by default TRACEMILL_DATABASE_URL, if set.
        stop_at_end: Stop the embedded server at the end, unless others still use it or a person
            started it (``tracemill db start``).
        environment: Where TRACEMILL_DATABASE_URL is looked up.
        warn: Is told if the server did not stop at the end: what was done before stands.

    Raises:
        BadDatabaseUrl: if the URL is none.
        ServerFailed: if the embedded server does not start.
        StoreUnavailable, StoreRefused, SchemaMismatch: if the database can't be used.
    """
    url = database_url or environment.get(DATABASE_VARIABLE)
    if url:
        address = checked_url(url)
        store = PostgresStore(lambda: address)
        try:
            store.check()
            yield store
        finally:
            store.close()
        return
    store = PostgresStore(lambda: embedded.start(state).url)
    try:
        store.upgrade()
        yield store
    finally:
        idle = stop_at_end and not embedded.kept(state) and _alone(store)
        store.close()
        if idle:
            _stop(state, warn)


def _stop(state: Path, warn: Callable[[str], None]) -> None:
    try:
        embedded.stop(state)
    except ServerFailed as error:
        warn(f"warning: {error}")


def _alone(store: PostgresStore) -> bool:
    try:
        return store.others() == 0
    except StoreUnavailable:
        return True
