from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tracemill_worker import embedded
from tracemill_worker.connect import checked_url, open_store
from tracemill_worker.errors import BadDatabaseUrl, SchemaMismatch, ServerFailed


@pytest.mark.postgres
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


@pytest.mark.postgres
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


@pytest.mark.postgres
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


@pytest.mark.postgres
def test_a_server_that_a_person_started_is_not_stopped_at_the_end(cluster: Path) -> None:
    embedded.start(cluster)
    embedded.keep(cluster)
    with open_store(cluster, stop_at_end=True, environment={}) as store:
        store.counts()
    assert embedded.find(cluster) is not None
    embedded.stop(cluster)
    with open_store(cluster, stop_at_end=True, environment={}) as store:
        store.counts()
    assert embedded.find(cluster) is None, "stop ends the wish too"


@pytest.mark.postgres
def test_a_server_that_does_not_stop_at_the_end_is_a_warning(
    cluster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(state: Path) -> bool:
        raise ServerFailed(f"{state}: did not stop")

    said: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(embedded, "stop", refuse)
        with open_store(cluster, stop_at_end=True, environment={}, warn=said.append) as store:
            store.counts()
    assert said == [f"warning: {cluster}: did not stop"]


WRONG_URLS = [
    "hidden",
    "http://me:hidden@host/runs",
    "postgresql://me:hidden/part@host/runs",
    "postgresql://me:hid@den@host/runs",
    "postgresql://me:12/hidden@host/runs",
    "postgresql://me:%zzhidden@host/runs",
    "postgresql://me:hidden@host:port/runs",
]


@pytest.mark.parametrize("url", WRONG_URLS)
def test_a_mistyped_url_is_named_without_its_text(url: str, tmp_path: Path) -> None:
    with (
        pytest.raises(BadDatabaseUrl) as caught,
        open_store(tmp_path, environment={"TRACEMILL_DATABASE_URL": url}),
    ):
        pytest.fail("opened")
    assert str(caught.value) == (
        "TRACEMILL_DATABASE_URL (or --database-url): "
        "wanted postgresql://USER:PASSWORD@HOST:PORT/DATABASE, got something else (not shown: it "
        "may hold a password); write special characters of the password as %XX, or unset it"
    )
    assert caught.value.exit_code == 2
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@host:5432/runs",
        "postgres://host/runs",
        "postgresql:///runs?host=/run/postgresql",
        "postgresql://a:1,b:2/runs",
        "host=h dbname=runs password='a@b'",
    ],
)
def test_a_url_that_can_be_one_is_taken_as_it_is(url: str) -> None:
    assert checked_url(url) == url
