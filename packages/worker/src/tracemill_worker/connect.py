"""Opens the store of a project: the embedded server, or the one that a URL names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tracemill_worker import embedded
from tracemill_worker.errors import StoreUnavailable
from tracemill_worker.postgres import PostgresStore

DATABASE_VARIABLE = "TRACEMILL_DATABASE_URL"


@contextmanager
def open_store(
    state: Path,
    database_url: str | None = None,
    *,
    stop_at_end: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[PostgresStore]:
    """Yield the store of a project, its tables ready.

    Without a URL the embedded server of ``state`` is started (or joined), and started again should
    it be killed meanwhile. Its tables are migrated by themselves; those of a server of your own
    only by ``tracemill db migrate``.

    Args:
        state: The project's state folder; made if missing.
        database_url: A server of your own; by default TRACEMILL_DATABASE_URL, if set.
        stop_at_end: Stop the embedded server at the end, unless others still use it.
        environment: Where TRACEMILL_DATABASE_URL is looked up.

    Raises:
        ServerFailed: if the embedded server does not start.
        StoreUnavailable, SchemaMismatch: if the database can't be used.
    """
    url = database_url or environment.get(DATABASE_VARIABLE)
    if url:
        store = PostgresStore(lambda: url)
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
        idle = stop_at_end and _alone(store)
        store.close()
        if idle:
            embedded.stop(state)


def _alone(store: PostgresStore) -> bool:
    try:
        return store.others() == 0
    except StoreUnavailable:
        return True
