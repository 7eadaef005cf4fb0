from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tracemill_worker import embedded
from tracemill_worker.connect import open_store
from tracemill_worker.errors import SchemaMismatch

pytestmark = pytest.mark.postgres


def test_the_embedded_server_is_started_migrated_and_stopped_at_the_end(cluster: Path) -> None:
    with open_store(cluster, environment={}) as store:
        run = store.enqueue(kind="echo", config={})
    assert embedded.find(cluster) is not None, "it goes on unless asked to stop"
    with (
        open_store(cluster, environment={}) as other,
        open_store(cluster, stop_at_end=True, environment={}) as store,
    ):
        assert store.show(run.id) == run
        assert other.others() == 1
    assert embedded.find(cluster) is not None, "somebody else still used it"
    with open_store(cluster, stop_at_end=True, environment={}) as store:
        store.show(run.id)
    assert embedded.find(cluster) is None


def test_a_server_that_is_killed_meanwhile_is_started_again(cluster: Path) -> None:
    with open_store(cluster, environment={}) as store:
        run = store.enqueue(kind="echo", config={})
        server = embedded.find(cluster)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while (again := embedded.find(cluster)) is None or again.pid == server.pid:
            assert store.show(run.id) == run, "no call fails meanwhile"
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_the_tables_of_another_server_are_not_touched_unasked(empty_url: str, how: str) -> None:
    environment = {"TRACEMILL_DATABASE_URL": empty_url} if how == "environment" else {}
    url = empty_url if how == "argument" else None
    with (
        pytest.raises(SchemaMismatch, match="run: tracemill db migrate"),
        open_store(Path("unused"), url, environment=environment),
    ):
        pytest.fail("opened without tables")
    assert not Path("unused").exists()
