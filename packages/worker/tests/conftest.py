"""Stores to test on: in memory, and on a real server with a database per test (never skipped)."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from pytest_postgresql import factories

from tracemill_worker import embedded, migrate
from tracemill_worker.memory import MemoryStore
from tracemill_worker.place import settle
from tracemill_worker.postgres import PostgresStore
from tracemill_worker.process import Owner, started_mark
from tracemill_worker.store import RunStore

HANDLERS = Path(__file__).with_name("data")


@dataclass(frozen=True, kw_only=True)
class Launched:
    """What pytest-postgresql wants to know of a server."""

    host: str
    port: int
    user: str
    password: str
    options: str = ""
    maintenance_dbname: str = "postgres"
    template_dbname: str | None = None


@dataclass(frozen=True, kw_only=True)
class Harness:
    """A store and a way to move its clock."""

    store: RunStore
    advance: Callable[[float], None]


@contextmanager
def _temporary(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may pass (pytest's own is closed), removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tm-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def private_folders_go_there(open_folder: Path) -> Iterator[None]:
    with _temporary(open_folder):
        yield


@pytest.fixture(scope="session")
def launcher(open_folder: Path) -> Iterator[Launched]:
    state = open_folder / "server"
    # Nothing here outlives the test session: databases are made without waiting for the disk.
    quick = ("fsync=off", "full_page_writes=off", "autovacuum=off")
    server = embedded.start(state, settings=embedded.SETTINGS + quick)
    yield Launched(
        host="127.0.0.1",
        port=server.port,
        user=embedded.DATABASE_USER,
        password=server.password,
    )
    os.kill(server.pid, signal.SIGQUIT)  # its data are thrown away: no last checkpoint
    while started_mark(server.pid):
        time.sleep(0.01)


empty_server = factories.postgresql_noproc(depends_on="launcher", dbname="empty")
empty_database = factories.postgresql("empty_server")


def _url(launcher: Launched, database: str) -> str:
    user = f"{launcher.user}:{launcher.password}"
    return f"postgresql://{user}@127.0.0.1:{launcher.port}/{database}"


@pytest.fixture
def empty_url(empty_database: psycopg.Connection[object], launcher: Launched) -> str:
    """A database of this test alone, without tables."""
    return _url(launcher, empty_database.info.dbname)


@pytest.fixture(scope="session")
def cluster(open_folder: Path) -> Iterator[Path]:
    """A state folder whose first start met the rubbish of a start that was killed."""
    state = open_folder / "embedded"
    state.mkdir()
    with _temporary(open_folder):
        user = settle(state, euid=os.geteuid()).user
    rubbish = state / "postgres" / "data.draft" / "base"
    rubbish.mkdir(parents=True)
    if user:
        os.chown(rubbish.parent, user.uid, user.gid)
    embedded.start(state)
    assert not rubbish.exists()
    yield state
    embedded.stop(state)


@pytest.fixture(scope="session")
def shared_url(launcher: Launched) -> str:
    """One database with the tables for all tests of this process: emptied, not made anew."""
    with psycopg.connect(_url(launcher, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE shared")
    url = _url(launcher, "shared")
    with psycopg.connect(url) as connection:
        migrate.upgrade(connection)
    return url


@pytest.fixture
def database_url(shared_url: str) -> str:
    """The shared database, without rows."""
    with psycopg.connect(shared_url, autocommit=True) as connection:
        connection.execute("TRUNCATE tracemill.runs RESTART IDENTITY CASCADE")
    return shared_url


@pytest.fixture
def postgres_store(database_url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(lambda: database_url)
    yield store
    store.close()


@pytest.fixture
def postgres_harness(postgres_store: PostgresStore) -> Harness:
    ahead = 0.0

    def advance(seconds: float) -> None:
        nonlocal ahead
        ahead += seconds
        postgres_store.execute(
            "SELECT set_config('tracemill.clock_offset', %s, false)", [f"{ahead} s"]
        )

    return Harness(store=postgres_store, advance=advance)


@pytest.fixture
def memory_harness() -> Harness:
    now = 1_790_000_000.0

    def advance(seconds: float) -> None:
        nonlocal now
        now += seconds

    return Harness(store=MemoryStore(clock=lambda: now), advance=advance)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def harness(request: pytest.FixtureRequest) -> Harness:
    found = request.getfixturevalue(f"{request.param}_harness")
    assert isinstance(found, Harness)
    return found


@pytest.fixture(scope="session")
def all_end() -> Callable[[Path], bool]:
    """Say whether the processes noted in a file end soon: a kill is not done when it is sent."""

    def ended(noted: Path) -> bool:
        pids = [int(word) for word in noted.read_text().split()]
        deadline = time.monotonic() + 10
        while any(started_mark(pid) for pid in pids):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    return ended


@pytest.fixture(scope="session")
def owner() -> Owner:
    return Owner(worker="here:1", host="boot/space", pid=1, started="5")


@pytest.fixture(scope="session")
def child_environment() -> Mapping[str, str]:
    """The environment in which the test handlers can be imported."""
    return {**os.environ, "PYTHONPATH": str(HANDLERS), "TRACEMILL_DATABASE_URL": "secret"}
