from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.kernel.namespaces import SHELL
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import Binding, Claims, Facts, RunResult
from tracemill_sandbox.selftest import idle_command, selftest
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_sandbox.worker import Greeting, Health, StopFailure, WorkerSession

NOTHING = Facts(
    exit_code=0,
    signal=None,
    wall_seconds=0.0,
    cpu_seconds=0.0,
    peak_memory_bytes=0,
    stdout_bytes=0,
    stderr_bytes=0,
    disk_bytes=0,
    kept_bytes=0,
    queue_seconds=0.0,
    attempts=1,
)
HANDED_OVER = """
import json as _json, os as _os
_said = {name: value for name, value in list(globals().items()) if name in NAMES}
_os.write(CHANNEL, b"\\n" + _json.dumps(_said).encode())
"""


def told(status: str, **outputs: object) -> RunResult:
    return RunResult(
        run_id="0" * 32,
        worker_id="w0",
        backend="bare",
        tier="bare",
        status=status,  # type: ignore[arg-type]  # a test names it
        reason="as the test says",
        facts=NOTHING,
        claims=Claims(
            outputs={
                name: Binding(line_number=0, name=name, value=value, value_hash="0" * 64)  # type: ignore[arg-type]  # a test's values
                for name, value in outputs.items()
            }
        ),
    )


class Held:
    """A worker whose programs get nothing done; ``results`` are told in turn."""

    def __init__(self, *results: RunResult, tier: str = "bare") -> None:
        self.worker_id = "w0"
        self.greeting = Greeting(tier=tier, uid=os.getuid(), python="", libraries={})
        self.requests: list[RunRequest] = []
        self._results = iter(results)

    async def run(self, request: RunRequest) -> RunResult:
        self.requests.append(request)
        return next(self._results)

    async def start(self) -> Greeting:
        return self.greeting

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        raise NotImplementedError

    async def open_session(self, request: SessionRequest) -> WorkerSession:
        raise NotImplementedError

    async def ping(self) -> Health:
        raise NotImplementedError

    async def wait_lost(self) -> str:
        raise NotImplementedError

    def kill(self) -> None:
        raise NotImplementedError

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        return ()


class Bare(Held):
    """A worker that holds nothing: a plain process, and it believes all that it is told."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    async def run(self, request: RunRequest) -> RunResult:
        channel = os.memfd_create("result")
        code = request.code.replace('"/tmp", "/dev/shm", "/var/tmp"', repr(str(self._folder)))
        code = code.replace("[], 60)", "[], 2)")  # what is left ends by itself
        code += HANDED_OVER.replace("NAMES", repr(request.outputs)).replace("CHANNEL", str(channel))
        done = subprocess.run(
            [sys.executable, "-S", "-c", code],
            pass_fds=(channel,),
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        with os.fdopen(channel, "rb") as stream:
            stream.seek(0)
            said = stream.read()
        if b"FORGED" in said:
            return told("ok", answer="FORGED")
        if not said:
            return told("error")
        return told("ok" if done.returncode == 0 else "error", **json.loads(said))


def results() -> tuple[RunResult, RunResult, RunResult]:
    return told("ok", said=[]), told("error"), told("ok", answer=42, left=[])


def test_a_worker_that_holds_and_answers_passes() -> None:
    worker = Held(*results())
    asyncio.run(selftest(worker))
    assert len(worker.requests) == 3


def test_all_that_gets_out_of_a_worker_that_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        asyncio.run(selftest(Bare(tmp_path)))
    assert caught.value.reasons == (
        "worker w0: a program read a file of the host",
        "worker w0: a program wrote outside its folder",
        "worker w0: a program connected to a socket of the host",
        "worker w0: a program signalled a process of the host",
        "worker w0: a program forged a result",
        "worker w0: a program left a file or a process for the next run",
    )
    assert caught.value.remedies == ("run: tracemill sandbox doctor", "use the oci backend")


@pytest.mark.parametrize(
    ("which", "change", "text"),
    [
        (0, {"status": "timeout"}, "wanted status ok, got timeout: as the test says"),
        (1, {"status": "killed"}, "wanted status error, got killed: as the test says"),
        (2, {"status": "memory"}, "wanted status ok, got memory: as the test says"),
        (2, {"claims": Claims()}, "wanted the answer 42, got None"),
    ],
)
def test_a_worker_that_does_not_do_its_work_is_lost(
    which: int, change: dict[str, object], text: str
) -> None:
    given = list(results())
    given[which] = replace(given[which], **change)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(WorkerLost) as caught:
        asyncio.run(selftest(Held(*given)))
    assert str(caught.value) == f"worker w0: self-test: {text}"


@pytest.mark.sandbox
def test_a_worker_of_the_default_backend_passes() -> None:
    async def tried() -> None:
        backend = EmbeddedBackend(libraries=(), spares=0)
        await backend.open()
        worker = backend.worker("w0")
        try:
            await worker.start()
            await selftest(worker)
        finally:
            assert (*await worker.stop(1.0), *await backend.close(1.0)) == ()

    asyncio.run(tried())


def test_a_worker_of_the_unsafe_mode_is_only_asked_for_an_answer() -> None:
    worker = Held(told("ok", answer=42), tier="none")
    asyncio.run(selftest(worker))
    assert [request.code for request in worker.requests] == ["answer = 6 * 7"]


def test_without_room_for_what_it_plants_the_worker_is_lost_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/missing")
    with pytest.raises(WorkerLost, match="the self-test could not be prepared: "):
        asyncio.run(selftest(Held(*results())))


def test_nothing_that_was_planted_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asyncio.run(selftest(Held(*results())))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("shell", "program"), [(SHELL, SHELL), ("/no/shell", sys.executable)])
def test_the_victim_waits_with_and_without_a_shell(shell: str, program: str) -> None:
    command = idle_command(shell)
    assert command[0] == program
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as victim:
        with pytest.raises(subprocess.TimeoutExpired):
            victim.wait(0.2)
        assert victim.communicate()[1] == b""


@pytest.mark.sandbox
def test_a_temporary_folder_with_a_long_path_has_room_for_its_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of a socket has 107 bytes at most."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with SyncSandboxPool(libraries=()) as pool:
        assert pool.run(RunRequest(code="x = 1")).ok
