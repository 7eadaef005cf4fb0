"""The whole backend on a real engine; run by the session ``oci``, never by the gate."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import docker
import docker.errors
import pytest

from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.oci.backend import OciBackend
from tracemill_sandbox.oci.container import Shelf
from tracemill_sandbox.oci.ledger import LABEL, OWNER_LABEL, Owner
from tracemill_sandbox.oci.link import Deadlines
from tracemill_sandbox.oci.recipe import EMPTY_NAME, empty_archive
from tracemill_sandbox.oci.worker import OciWorker
from tracemill_sandbox.request import BatchRequest, Limits, RunRequest, SessionRequest
from tracemill_sandbox.worker import StopFailure

pytestmark = pytest.mark.oci

Found = TypeVar("Found")
GONE_SECONDS = 15.0  # tells "gone" from "stays", on a busy machine as well


@pytest.fixture
def client(engine_url: str) -> Iterator[Any]:
    """Return docker-py's own client, to look from outside."""
    made = docker.APIClient(base_url=engine_url, timeout=30)
    yield made
    made.close()


@pytest.fixture
def backend_at(tmp_path: Path) -> Callable[..., OciBackend]:
    """Return what makes a backend on an engine; keywords as of ``OciBackend``."""

    def make(url: str, **options: Any) -> OciBackend:
        quick = Deadlines(call=30.0, start=60.0, later=5.0, ping=1.0, cancel=5.0)
        given: dict[str, Any] = {"libraries": (), "spares": 0, "deadlines": quick} | options
        return OciBackend(engine=url, ledger=tmp_path / "ledger", **given)

    return make


def _with_worker(
    backend: OciBackend, work: Callable[[OciWorker], Awaitable[Found]], grace: float = 5.0
) -> tuple[Found, tuple[StopFailure, ...]]:
    async def both() -> tuple[Found, tuple[StopFailure, ...]]:
        await backend.open()
        worker = backend.worker("w0")
        try:
            await worker.start()
            found = await work(worker)
        finally:
            failures = await worker.stop(grace)
            failures += await backend.close(1.0)
        return found, failures

    return asyncio.run(both())


def _exists(client: Any, container: str) -> bool:
    try:
        client.inspect_container(container)
    except docker.errors.NotFound:
        return False
    return True


def _await_gone(client: Any, container: str) -> bool:
    until = time.monotonic() + GONE_SECONDS
    while _exists(client, container):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _relay_of(client: Any, container: str) -> int:
    """Return the process id of the relay, the only child of the container's first process."""
    first = client.inspect_container(container)["State"]["Pid"]
    return int(Path(f"/proc/{first}/task/{first}/children").read_text().split()[0])


def _ledger(folder: Path) -> list[str]:
    return [path.name for path in (folder / "ledger").glob("*.json")]


async def _code(worker: OciWorker, code: str, **limits: float) -> Any:
    request = RunRequest(code=code, outputs=("x",), limits=replace(Limits(), **limits))
    return await worker.run(request)


def test_programs_batches_and_sessions_run_in_one_container_and_nothing_is_left(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    async def work(worker: OciWorker) -> str:
        first = await _code(worker, "x = 6 * 7")
        assert (first.status, first.output("x"), first.backend) == ("ok", 42, "oci")
        assert first.tier.startswith("oci-")
        assert {"landlock", "seccomp"} <= set(first.tier.split("-"))
        request = RunRequest(
            code="open('out', 'w').write(open('in').read() * 2)",
            files={"in": b"ab"},
            keep=("out",),
        )
        kept = await worker.run(request)
        assert kept.claims.contents == {"out": b"abab"}
        batch = await worker.run_batch(BatchRequest(codes=("x = 1", "1 / 0", "x = 3")))
        assert [each.status for each in batch] == ["ok", "error", "ok"]
        session = await worker.open_session(SessionRequest())
        await session.run("n = 1")
        await session.run("n += 1")
        branch = await session.branch()
        await session.rollback()
        assert (await session.run("x = n", ("x",))).output("x") == 1
        assert (await branch.run("x = n", ("x",))).output("x") == 2
        await branch.close()
        await session.close()
        assert (await worker.ping()).descriptors > 0
        return worker.container

    container, failures = _with_worker(backend_at(engine_url), work)
    assert failures == ()
    assert not _exists(client, container)
    assert _ledger(tmp_path) == []


ESCAPES = {
    "network": "import socket; socket.create_connection(('1.1.1.1', 53), 2)",
    "host's files": "open('/etc/passwd').read()",
    "relay's folder": "import os; os.listdir('/link')",
    "root folder": "open('/mark', 'w')",
    "scratch folder": "open('/tmp/mark', 'w')",
    "interpreter": "import sys; open(sys.prefix + '/mark', 'w')",
    "unix sockets": "import socket; socket.socket(socket.AF_UNIX)",
    "first process": "import os; os.kill(1, 9)",
    "relay": "import os; os.kill(os.getppid(), 9)",
    "mount": "import ctypes; assert ctypes.CDLL(None).mount(b'x', b'/', b't', 0, 0) == 0",
}


def test_programs_reach_nothing_outside_their_run(
    engine_url: str, backend_at: Callable[..., OciBackend]
) -> None:
    async def work(worker: OciWorker) -> dict[str, str]:
        found = {}
        for name, code in ESCAPES.items():
            found[name] = (await _code(worker, code)).status
        assert (await _code(worker, "x = 1")).status == "ok"
        return found

    assert _with_worker(backend_at(engine_url), work) == (dict.fromkeys(ESCAPES, "error"), ())


def test_limits_hold_in_a_container(engine_url: str, backend_at: Callable[..., OciBackend]) -> None:
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n"

    async def work(worker: OciWorker) -> list[str]:
        loop = await _code(worker, "while True: pass", wall_seconds=0.5)
        memory = await _code(worker, "x = bytearray(1 << 30)", memory_bytes=64 << 20)
        forks = await _code(worker, bomb, wall_seconds=1.0, processes=16)
        assert (await _code(worker, "x = 1")).status == "ok"
        assert forks.status in {"killed", "timeout"}  # whichever limit is met first
        return [loop.status, memory.status]

    found, failures = _with_worker(backend_at(engine_url), work)
    assert failures == ()
    assert found == ["timeout", "memory"]


def test_a_cancelled_run_ends_and_the_container_serves_the_next(
    engine_url: str, backend_at: Callable[..., OciBackend]
) -> None:
    async def work(worker: OciWorker) -> str:
        run = asyncio.create_task(_code(worker, "while True: pass"))
        await asyncio.sleep(0.5)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        return (await _code(worker, "x = 1")).status

    assert _with_worker(backend_at(engine_url), work) == ("ok", ())


@pytest.mark.parametrize("what", ["container", "relay"])
def test_what_is_killed_is_noticed_at_once_and_cleared_away(
    engine_url: str,
    client: Any,
    backend_at: Callable[..., OciBackend],
    tmp_path: Path,
    what: str,
) -> None:
    async def work(worker: OciWorker) -> str:
        run = asyncio.create_task(_code(worker, "while True: pass"))
        await asyncio.sleep(0.5)
        if what == "relay":
            os.kill(_relay_of(client, worker.container), signal.SIGKILL)
        else:
            client.kill(worker.container)
        with pytest.raises(WorkerLost, match="the relay hung up|connection to the relay broke"):
            await asyncio.wait_for(run, GONE_SECONDS)
        await asyncio.wait_for(worker.wait_lost(), 1)
        return worker.container

    container, failures = _with_worker(backend_at(engine_url), work)
    assert failures == ()
    assert not _exists(client, container)
    assert _ledger(tmp_path) == []


def test_a_hung_relay_is_noticed_by_a_ping_and_its_container_removed(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend]
) -> None:
    async def work(worker: OciWorker) -> str:
        os.kill(_relay_of(client, worker.container), signal.SIGSTOP)
        with pytest.raises(WorkerLost, match=r"^the relay did not answer ping within 1 s$"):
            await worker.ping()
        return worker.container

    container, failures = _with_worker(backend_at(engine_url), work)
    assert failures == ()
    assert not _exists(client, container)


def test_a_relay_that_hangs_in_stop_is_told_of_and_its_container_removed(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    async def work(worker: OciWorker) -> str:
        os.kill(_relay_of(client, worker.container), signal.SIGSTOP)
        return worker.container

    container, (failure,) = _with_worker(backend_at(engine_url), work, grace=2.0)
    assert (failure.subject, failure.phase) == (container, "drain")
    assert not _exists(client, container)
    assert _ledger(tmp_path) == []


def test_a_killed_worker_and_a_stop_without_grace_leave_nothing(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend]
) -> None:
    async def work(worker: OciWorker) -> str:
        run = asyncio.create_task(_code(worker, "while True: pass"))
        await asyncio.sleep(0.3)
        worker.kill()
        with pytest.raises(WorkerLost):
            await run
        return worker.container

    container, _ = _with_worker(backend_at(engine_url), work, grace=0.0)
    assert _await_gone(client, container)


def test_a_frozen_daemon_is_in_the_report_and_keeps_nobody(
    private_engine: Any,
    backend_at: Callable[..., OciBackend],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    backend = backend_at(private_engine.url)

    async def work() -> tuple[str, tuple[StopFailure, ...], float]:
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        with private_engine.frozen():
            assert (await _code(worker, "x = 1")).status == "ok"  # runs need no daemon
            began = time.monotonic()
            failures = await worker.stop(1.0)
            took = time.monotonic() - began
            assert (await backend.close(0.2)) != ()
        return worker.container, failures, took

    container, failures, took = asyncio.run(work())
    assert took < 5
    assert [failure.subject for failure in failures] == [container] * len(failures)
    assert failures[-1].phase == "verify"
    assert {failure.error for failure in failures} <= {"DeadlineExceeded", "ReadTimeout"}
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) > 0
    assert len(_ledger(tmp_path)) == 1
    looking = docker.APIClient(base_url=private_engine.url)
    with contextlib.closing(looking):
        assert _await_gone(looking, container)  # the relay left by itself


HOST = """
import asyncio, sys
from pathlib import Path
from tracemill_sandbox.oci.backend import OciBackend
from tracemill_sandbox.request import RunRequest

async def main():
    backend = OciBackend(engine=sys.argv[1], ledger=Path(sys.argv[2]), libraries=(), spares=0)
    await backend.open()
    worker = backend.worker("w0")
    await worker.start()
    print(worker.container, flush=True)
    await worker.run(RunRequest(code="import time; time.sleep(600)"))

asyncio.run(main())
"""


@contextlib.contextmanager
def _host(url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start another process with a container that runs a program; yields its container."""
    command = [sys.executable, "-c", HOST, url, str(folder / "ledger")]
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as host:
        try:
            assert host.stdout is not None
            yield host, host.stdout.readline().strip()
        finally:
            host.kill()


def test_a_killed_host_leaves_no_container(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    with _host(engine_url, tmp_path) as (host, container):
        assert _exists(client, container)
        time.sleep(0.5)
        host.kill()
        assert _await_gone(client, container)
    assert len(_ledger(tmp_path)) == 1
    asyncio.run(_open_and_close(backend_at(engine_url)))
    assert _ledger(tmp_path) == []


async def _open_and_close(backend: OciBackend) -> None:
    await backend.open()
    assert await backend.close(1.0) == ()


def test_a_later_start_removes_what_a_killed_host_left_and_no_neighbours(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    with (
        _host(engine_url, tmp_path) as (host, left),
        _host(engine_url, tmp_path / "other") as (_, neighbour),
    ):
        os.kill(_relay_of(client, left), signal.SIGSTOP)  # it can not leave by itself
        os.kill(_relay_of(client, neighbour), signal.SIGSTOP)
        host.kill()
        host.wait()
        time.sleep(0.5)
        assert _exists(client, left)
        asyncio.run(_open_and_close(backend_at(engine_url)))
        assert not _exists(client, left)
        assert _ledger(tmp_path) == []
        assert _exists(client, neighbour)
        assert len(_ledger(tmp_path / "other")) == 1
        client.kill(neighbour)


def test_a_container_that_was_made_and_never_started_is_swept_too(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    asyncio.run(_open_and_close(backend_at(engine_url)))
    here = Owner.of_this_process()
    dead = replace(here, started=here.started + 1).label
    image = f"{EMPTY_NAME}:{empty_archive()[0]}"
    made = client.create_container(image, "none", labels={LABEL: "box", OWNER_LABEL: dead})["Id"]
    asyncio.run(_open_and_close(backend_at(engine_url)))
    assert not _exists(client, made)


def _start_fails(backend: OciBackend, change: Callable[[Shelf], Shelf] = lambda x: x) -> str:
    async def work() -> str:
        await backend.open()
        assert backend._shelf is not None
        backend._shelf = change(backend._shelf)
        worker = backend.worker("w0")
        with pytest.raises(SandboxUnavailable) as caught:
            await worker.start()
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()
        return str(caught.value)

    return asyncio.run(work())


def test_an_image_without_python_says_what_it_needs(
    engine_url: str, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    asyncio.run(_open_and_close(backend_at(engine_url)))
    said = _start_fails(backend_at(engine_url, image=f"{EMPTY_NAME}:{empty_archive()[0]}"))
    assert "python3" in said  # the first process says so, or the engine, depending on the engine
    assert "o such file" in said or "not found" in said
    assert "give image= an image with Python 3.11 or newer and tracemill-sandbox installed" in said
    assert _ledger(tmp_path) == []


def test_an_environment_without_this_package_says_so(
    engine_url: str, backend_at: Callable[..., OciBackend], tmp_path: Path
) -> None:
    def without_schema(shelf: Shelf) -> Shelf:
        mounts = shelf.recipe.mounts
        kept = tuple(path for path in mounts if not path.endswith("/tracemill_schema"))
        assert len(kept) == len(mounts) - 1
        return replace(shelf, recipe=replace(shelf.recipe, mounts=kept))

    said = _start_fails(backend_at(engine_url), without_schema)
    assert "ended at once: " in said
    assert "No module named 'tracemill_schema'" in said
    assert _ledger(tmp_path) == []


def test_a_container_is_closed_from_outside_as_well(
    engine_url: str, client: Any, backend_at: Callable[..., OciBackend]
) -> None:
    async def work(worker: OciWorker) -> Any:
        return client.inspect_container(worker.container)

    found, _ = _with_worker(backend_at(engine_url), work)
    host = found["HostConfig"]
    assert (host["NetworkMode"], host["ReadonlyRootfs"], host["Privileged"]) == (
        "none",
        True,
        False,
    )
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert host["PidsLimit"] > 0
    assert host["Memory"] > 0
    assert found["Config"]["User"] not in {"", "0", "0:0", "root"}
    assert [mount["Destination"] for mount in found["Mounts"] if mount["RW"]] == ["/link"]
