from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker.errors
import pytest
import requests.exceptions

from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.oci.backend import OciBackend
from tracemill_sandbox.oci.ledger import LABEL, OWNER_LABEL
from tracemill_sandbox.oci.sweep import FOLDER_PREFIX
from tracemill_sandbox.oci.worker import OciWorker
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.worker import StopFailure

BackendOf = Callable[..., OciBackend]


def _refusal(backend: OciBackend) -> SandboxUnavailable:
    with pytest.raises(SandboxUnavailable) as caught:
        asyncio.run(backend.open())
    return caught.value


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            docker.errors.DockerException("Error while fetching server API version"),
            "open engine: DockerException: Error while fetching server API version",
        ),
        (requests.exceptions.ReadTimeout("frozen"), "open engine: ReadTimeout: frozen"),
    ],
)
def test_an_engine_that_does_not_work_is_no_backend(
    engine: Any, backend_of: BackendOf, error: Exception, reason: str
) -> None:
    engine.faults["connect", "*"] = error
    refusal = _refusal(backend_of())
    assert refusal.reasons == (reason,)
    assert refusal.remedies[0].startswith("see whether the engine works: docker info")


def test_an_image_that_is_not_there_is_not_pulled(engine: Any, backend_of: BackendOf) -> None:
    refusal = _refusal(backend_of(image="mine:1"))
    assert refusal.reasons == ("the engine has no image mine:1",)
    assert refusal.remedies == ("build or pull it first; the sandbox itself pulls nothing",)


def test_a_ledger_that_can_not_be_written_is_no_backend(
    backend_of: BackendOf, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    refusal = _refusal(backend_of(ledger=tmp_path / "file" / "ledger"))
    assert refusal.reasons[0].startswith("ledger of containers: [Errno ")
    assert "XDG_STATE_HOME" in refusal.remedies[0]


def test_without_docker_py_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    monkeypatch.setattr("tracemill_sandbox.oci.backend.find_engine", lambda _: "unix:///d.sock")
    refusal = _refusal(OciBackend(ledger=tmp_path))
    assert refusal.remedies == ("pip install 'tracemill-sandbox[oci]'",)


def test_the_named_engine_is_asked_and_no_other(tmp_path: Path) -> None:
    refusal = _refusal(OciBackend(engine=f"unix://{tmp_path}/none", ledger=tmp_path))
    assert refusal.reasons == (f"unix://{tmp_path}/none: there is no such socket",)


def test_the_empty_image_is_made_once(engine: Any, backend_of: BackendOf) -> None:
    async def work() -> None:
        for _ in range(2):
            backend = backend_of()
            await backend.open()
            await backend.open()
            await backend.close(0.0)

    asyncio.run(work())
    assert [call for call, _ in engine.calls].count("import") == 1


def test_a_users_image_gets_none_of_the_hosts_files(engine: Any, backend_of: BackendOf) -> None:
    engine.images.add("mine:1")
    found: list[tuple[list[str], list[str]]] = []

    def see(options: Any) -> None:
        found.append((options["host_config"]["binds"], options["entrypoint"]))

    engine.seen = see

    async def work() -> None:
        backend = backend_of(image="mine:1", python="python3.12")
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        await worker.stop(0.5)
        await backend.close(0.0)

    asyncio.run(work())
    ((binds, entrypoint),) = found
    assert len(binds) == 1
    assert binds[0].endswith("/w0:/link:rw")
    assert entrypoint[0] == "python3.12"


def test_workers_are_to_be_had_between_open_and_close_only(backend_of: BackendOf) -> None:
    async def work() -> None:
        backend = backend_of()
        for _ in range(2):
            with pytest.raises(WorkerLost, match=r"^the backend is not open$"):
                backend.worker("w0")
            await backend.open()
            await backend.close(0.0)

    asyncio.run(work())


def test_nothing_of_a_pool_is_left(
    engine: Any, backend_of: BackendOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = Path(tempfile.mkdtemp(prefix="tm-"))  # names of sockets have 107 bytes at most
    monkeypatch.setattr("tempfile.tempdir", str(short))
    seen: list[int] = []

    async def work() -> None:
        backend = backend_of()
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        seen.append(len(list(short.glob(f"{FOLDER_PREFIX}*/w0"))))
        assert await worker.stop(0.5) == ()
        assert await backend.close(0.5) == ()

    asyncio.run(work())
    assert seen == [1]
    assert list(short.iterdir()) == []
    short.rmdir()
    assert list((tmp_path / "ledger").iterdir()) == []
    assert engine.made == {}


def test_containers_carry_the_labels_of_their_owner(engine: Any, backend_of: BackendOf) -> None:
    async def work() -> set[str]:
        backend = backend_of()
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        (container,) = engine.made.values()
        assert container.labels[LABEL] == container.name == worker.container
        await worker.stop(0.5)
        await backend.close(0.5)
        return set(container.labels)

    assert asyncio.run(work()) == {LABEL, OWNER_LABEL}


def test_one_container_that_raises_is_logged_as_an_error_and_the_others_still_stop(
    engine: Any, backend_of: BackendOf, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> tuple[list[OciWorker], list[tuple[StopFailure, ...]]]:
        backend = backend_of()
        await backend.open()
        workers = [backend.worker(f"w{i}") for i in range(3)]
        await asyncio.gather(*(worker.start() for worker in workers))
        bad = workers[1].container
        engine.stays = True
        engine.faults |= {
            (call, bad): docker.errors.APIError(f"{call} refused")
            for call in ("stop", "kill", "remove")
        }
        failures = await asyncio.gather(*(worker.stop(1.0) for worker in workers))
        engine.faults.clear()
        assert await backend.close(0.5) == ()
        return workers, failures

    workers, failures = asyncio.run(work())
    assert [len(each) for each in failures] == [0, 4, 0]
    bad = workers[1].container
    assert {failure.subject for failure in failures[1]} == {bad}
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.name for record in errors] == ["tracemill_sandbox"] * 4
    assert errors[0].message == f"stop of {bad} failed: APIError: stop refused"
    assert engine.made == {}


def test_a_frozen_daemon_keeps_nobody_longer_than_the_grace_and_a_second(
    engine: Any, backend_of: BackendOf, tmp_path: Path
) -> None:
    async def work() -> tuple[float, list[tuple[StopFailure, ...]]]:
        backend = backend_of()
        await backend.open()
        workers = [backend.worker(f"w{i}") for i in range(3)]
        await asyncio.gather(*(worker.start() for worker in workers))
        assert (await workers[0].run(RunRequest(code="ok"))).ok
        engine.faults["connect", "*"] = 30.0
        began = time.monotonic()
        failures = await asyncio.gather(*(worker.stop(0.5) for worker in workers))
        took = time.monotonic() - began
        await backend.close(0.2)
        return took, failures

    took, failures = asyncio.run(work())
    assert took < 5
    for each in failures:
        assert {failure.error for failure in each} == {"DeadlineExceeded"}
        assert each[-1].phase == "verify"
    assert len(list((tmp_path / "ledger").iterdir())) == 3
