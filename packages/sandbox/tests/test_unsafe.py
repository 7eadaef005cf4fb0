"""The backend without isolation: it says so, and its results have the same form."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.errors import RequestInvalid, SandboxUnavailable, WorkerLost
from tracemill_sandbox.request import BatchRequest, Limits, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.unsafe import UnsafeBackend, UnsafeWorker
from tracemill_sandbox.worker import Health

pytestmark = pytest.mark.sandbox

T = TypeVar("T")

PROGRAMS = {
    "ok": ("x = 1", "ok", "ended by itself"),
    "raises": ("1 / 0", "error", "raised ZeroDivisionError"),
    "syntax": ("1 +", "error", "raised SyntaxError"),
    "exit code": ("raise SystemExit(3)", "error", "ended with code 3"),
    "signal": ("import os\nos.kill(os.getpid(), 9)", "killed", "ended by SIGKILL"),
    "left early": ("import os\nos._exit(0)", "error", "ended with code 0 without handing over"),
    "time": ("while True: pass", "timeout", "still running after 2 s"),
}


def with_worker(use: Callable[[UnsafeWorker], Awaitable[T]]) -> T:
    """Open a backend with one started worker, use it, stop both and see that nothing failed."""

    async def whole() -> T:
        backend = UnsafeBackend()
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        try:
            return await use(worker)
        finally:
            assert await worker.stop(0.0) == ()
            assert await backend.close(0.0) == ()

    return asyncio.run(whole())


def test_it_warns_once_that_nothing_is_isolated(caplog: pytest.LogCaptureFixture) -> None:
    async def use(worker: UnsafeWorker) -> None:
        await worker.run(RunRequest(code="x = 1"))
        await worker.run(RunRequest(code="x = 1"))

    with caplog.at_level(logging.WARNING):
        with_worker(use)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith("the backend unsafe isolates nothing: programs can do")


def test_the_greeting_says_what_is_missing_and_what_helps() -> None:
    async def use(worker: UnsafeWorker) -> None:
        greeting = worker.greeting
        assert greeting.tier == "none"
        assert greeting.reasons == ("the backend unsafe isolates nothing",)
        assert "embedded" in greeting.remedies[0]
        assert await worker.ping() == Health(descriptors=0, memory_bytes=0)

    with_worker(use)


@pytest.mark.parametrize("case", PROGRAMS)
def test_a_program_ends_as_in_the_other_backends(case: str) -> None:
    code, status, reason = PROGRAMS[case]
    request = RunRequest(code=code, limits=Limits(wall_seconds=2))
    result = with_worker(lambda worker: worker.run(request))
    assert (result.status, result.backend, result.tier) == (status, "unsafe", "none")
    assert result.reason.startswith(reason)


def test_files_outputs_and_kept_files_work_as_in_the_other_backends() -> None:
    code = "x = open('in/a.txt').read()\nopen('b.txt', 'w').write(x * 2)\nimport sys\nn = len(x)"
    request = RunRequest(
        code=code, files={"in/a.txt": b"abc"}, outputs=("x", "missing"), keep=("*.txt",)
    )
    result = with_worker(lambda worker: worker.run(request))
    assert result.output("x") == "abc"
    assert result.output("missing") is None
    assert result.claims.contents == {"b.txt": b"abcabc"}
    assert result.claims.files == {"b.txt": 6, "in/a.txt": 3}
    assert [(said.line_number, said.name) for said in result.claims.bindings] == [
        (1, "x"),
        (4, "n"),
    ]


def test_a_batch_goes_on_behind_a_snippet_that_takes_its_process_along() -> None:
    request = BatchRequest(
        codes=(
            "open('a', 'w').write('1')\nx = 1",
            "import os\nos._exit(1)",
            "x = open('a').read()",
        ),
        outputs=("x",),
    )
    results = with_worker(lambda worker: worker.run_batch(request))
    assert [result.status for result in results] == ["ok", "error", "ok"]
    assert [result.output("x") for result in results] == [1, None, "1"]


def test_a_session_is_refused_naming_the_backends_that_have_one() -> None:
    async def use(worker: UnsafeWorker) -> None:
        await worker.open_session(SessionRequest())

    with pytest.raises(RequestInvalid) as caught:
        with_worker(use)
    assert str(caught.value) == (
        'session: the backend unsafe has none; use backend="embedded" or backend="oci"'
    )


def test_killing_ends_the_run_and_is_told_to_whoever_waits() -> None:
    async def use(worker: UnsafeWorker) -> None:
        run = asyncio.create_task(worker.run(RunRequest(code="import time\ntime.sleep(60)")))
        lost = asyncio.create_task(worker.wait_lost())
        await asyncio.sleep(0.1)
        worker.kill()
        assert await lost == "it was killed"
        with pytest.raises(WorkerLost, match="the worker was killed during the run"):
            await run
        with pytest.raises(WorkerLost, match="worker w0 is stopped"):
            await worker.run(RunRequest(code="x = 1"))
        with pytest.raises(WorkerLost, match="worker w0 is stopped"):
            await worker.ping()

    with_worker(use)


def test_stopping_ends_a_run_that_does_not_end_by_itself() -> None:
    async def use(worker: UnsafeWorker) -> RunResult | BaseException:
        run = asyncio.create_task(worker.run(RunRequest(code="import time\ntime.sleep(60)")))
        await asyncio.sleep(0.1)
        assert await worker.stop(0.1) == ()
        (ended,) = await asyncio.gather(run, return_exceptions=True)
        return ended

    assert isinstance(with_worker(use), WorkerLost)


def test_where_there_is_no_isolation_the_embedded_backend_names_the_one_that_has_it() -> None:
    async def use() -> None:
        backend = EmbeddedBackend(system="darwin")
        with pytest.raises(SandboxUnavailable) as caught:
            await backend.open()
        assert caught.value.reasons == (
            "darwin has no means to confine a process: this backend needs Linux",
        )
        assert caught.value.remedies[0].startswith("use backend='oci'")
        assert await backend.close(0.0) == ()

    asyncio.run(use())


def test_it_works_without_what_only_linux_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pidfd_open", "memfd_create"):
        monkeypatch.delattr(os, name)
    monkeypatch.delattr(socket, "SOCK_SEQPACKET")
    result = with_worker(lambda worker: worker.run(RunRequest(code="x = 1", outputs=("x",))))
    assert (result.status, result.output("x")) == ("ok", 1)


def test_a_worker_that_has_not_started_says_so() -> None:
    async def use() -> None:
        backend = UnsafeBackend()
        await backend.open()
        with pytest.raises(WorkerLost, match="worker w0 has not started"):
            _ = backend.worker("w0").greeting
        assert await backend.close(0.0) == ()
        assert await backend.close(0.0) == ()

    asyncio.run(use())
