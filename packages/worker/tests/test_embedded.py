from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from tracemill_worker import embedded
from tracemill_worker.errors import ServerFailed
from tracemill_worker.place import Place


@pytest.fixture
def running(cluster: Path) -> embedded.Server:
    return embedded.start(cluster)


@pytest.mark.postgres
def test_a_second_start_joins_and_stop_is_clean(cluster: Path, running: embedded.Server) -> None:
    again = embedded.start(cluster)
    assert (again.pid, again.port, again.started) == (running.pid, running.port, False)
    assert embedded.find(cluster) == again
    with psycopg.connect(running.url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SELECT current_user").fetchone() == ("tracemill",)
    assert embedded.stop(cluster) is True
    assert embedded.find(cluster) is None
    assert embedded.stop(cluster) is False
    assert not list((cluster / "postgres").glob(".s.PGSQL*"))
    assert embedded.start(cluster).started is True


@pytest.mark.postgres
def test_the_server_is_closed_to_others(cluster: Path, running: embedded.Server) -> None:
    assert psutil.Process(running.pid).uids().effective != 0
    assert stat.S_IMODE((cluster / "postgres.password").stat().st_mode) == 0o600
    assert stat.S_IMODE(running.place.home.stat().st_mode) == 0o700
    assert running.password not in repr(running)
    wrong = running.url.replace(running.password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    listening = [c for c in psutil.Process(running.pid).net_connections() if c.status == "LISTEN"]
    assert [c.laddr.ip for c in listening if c.family == socket.AF_INET] == ["127.0.0.1"]


@pytest.mark.postgres
@pytest.mark.parametrize("holder", ["nobody", "an open connection"])
def test_after_kill_9_it_starts_again_with_all_its_data(
    cluster: Path, running: embedded.Server, holder: str
) -> None:
    with psycopg.connect(running.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        before = connection.execute("SELECT count(*) FROM kept").fetchone()
        if holder == "nobody":
            connection.close()
        os.kill(running.pid, signal.SIGKILL)
        embedded._wait_gone(running.pid, limit_s=10)
        begun = time.monotonic()
        again = embedded.start(cluster)
        assert again.started
        assert time.monotonic() - begun < 10
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == before


@pytest.mark.postgres
def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(
    cluster: Path, running: embedded.Server
) -> None:
    embedded.stop(cluster)
    stale = running.place.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{running.place.data}\n0\n{running.port}\n\n\n\nready   \n")
    assert embedded.find(cluster) is None
    assert embedded.start(cluster).started


@pytest.mark.postgres
def test_of_two_starts_at_once_one_joins(cluster: Path) -> None:
    embedded.stop(cluster)
    with ThreadPoolExecutor(2) as pool:
        both = tuple(pool.map(lambda _: embedded.start(cluster), range(2)))
    assert both[0].pid == both[1].pid
    assert sorted(server.started for server in both) == [False, True]


@pytest.mark.postgres
def test_a_port_in_use_is_left_alone(cluster: Path, running: embedded.Server) -> None:
    embedded.stop(cluster)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", running.port))
        other.listen()
        assert embedded.start(cluster).port != running.port


@pytest.mark.postgres
def test_the_server_outlives_its_starter_and_two_projects_live_side_by_side(
    open_folder: Path, running: embedded.Server
) -> None:
    state = open_folder / "beside, with blanks"  # a comma separates hosts in a URL
    code = (
        "import sys; from pathlib import Path; from tracemill_worker import embedded;"
        "embedded.start(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, str(state)], check=True, timeout=60)
    try:
        other = embedded.find(state)
        assert other is not None
        assert other.pid != running.pid
        for server in (other, running):
            with psycopg.connect(server.url) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        assert embedded.stop(state)


@pytest.mark.postgres
def test_what_the_server_says_is_in_the_message(cluster: Path) -> None:
    embedded.stop(cluster)
    with pytest.raises(ServerFailed) as caught:
        embedded.start(cluster, settings=("shared_buffers=nonsense",))
    assert "PostgreSQL did not start; it said:" in str(caught.value)
    assert 'invalid value for parameter "shared_buffers": "nonsense"' in str(caught.value)


def test_a_state_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(ServerFailed) as caught:
        embedded.start(tmp_path / "state")
    assert str(caught.value) == (
        f"{tmp_path}/state: can't keep a database here (File exists); choose another state folder"
    )


def test_a_start_that_never_ends_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with (tmp_path / "postgres.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ServerFailed, match="another process has been starting or stopping"):
            embedded.start(tmp_path, limit_s=0.02)


def test_where_nothing_was_started_nothing_is_found(tmp_path: Path) -> None:
    assert embedded.find(tmp_path) is None
    assert embedded.stop(tmp_path / "missing") is False
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("found", [None, ""])
def test_a_password_that_was_never_written_whole_is_made_anew(
    tmp_path: Path, found: str | None
) -> None:
    place = Place(home=tmp_path, sockets=tmp_path, user=None)
    path = tmp_path / "postgres.password"
    if found is not None:
        path.write_text(found)
    password = embedded._password(tmp_path, place)
    assert len(password) == 32
    assert embedded._password(tmp_path, place) == password
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["postgres.password"]


def test_a_lost_password_of_a_database_that_stands_is_named(tmp_path: Path) -> None:
    place = Place(home=tmp_path, sockets=tmp_path, user=None)
    place.data.mkdir()
    (place.data / "PG_VERSION").write_text("18")
    (tmp_path / "postgres.password").write_text("")
    with pytest.raises(ServerFailed) as caught:
        embedded._password(tmp_path, place)
    assert str(caught.value) == (
        f"{tmp_path}/postgres.password: wanted the password of the database in {tmp_path}/data, "
        "got none; put the file back, or remove both to begin with an empty database"
    )


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ServerFailed) as caught:
        embedded.start(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: the database can't be started here (No space left on device); "
        "free some space or choose another state folder"
    )
    assert not (tmp_path / "postgres.password").exists()


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    place = Place(home=tmp_path, sockets=tmp_path, user=None)
    place.log.mkdir()
    launch = embedded._Launch(programs=Path("/bin"), place=place, settings=())
    with pytest.raises(ServerFailed, match=r"server.log: the server could not be run \(.*irectory"):
        embedded._spawn(launch, port=1)
