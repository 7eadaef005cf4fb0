from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import signal
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.embedded.channel import close_all
from tracemill_sandbox.embedded.exchange import Exchange
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.request import BatchRequest, Limits, RunRequest, SessionRequest

pytestmark = pytest.mark.sandbox

Do = Callable[[Coroutine[Any, Any, Any]], Any]


async def started(backend: EmbeddedBackend, name: str) -> EmbeddedWorker:
    worker = backend.worker(name)
    await worker.start()
    return worker


def test_a_worker_that_did_not_start_runs_nothing_and_stops_cleanly(do: Do) -> None:
    async def go() -> None:
        worker = EmbeddedBackend(libraries=()).worker("w9")
        with pytest.raises(WorkerLost, match="worker w9 is stopped"):
            await worker.run(RunRequest(code=""))
        with pytest.raises(WorkerLost, match="worker w9 has not started"):
            _ = worker.greeting
        assert worker.pid is None
        assert await worker.stop(0) == ()

    do(go())


@pytest.mark.parametrize("spares", [0, 1, 3])
def test_runs_follow_each_other_with_any_number_of_spares(do: Do, spares: int) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), spares=spares)
        await backend.open()
        worker = await started(backend, "w0")
        for n in range(6):
            result = await worker.run(RunRequest(code=f"x = {n}", outputs=("x",)))
            assert (result.output("x"), result.worker_id) == (n, "w0")
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_cancelled_run_is_killed_and_the_worker_serves_on(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        task = asyncio.ensure_future(worker.run(RunRequest(code="while True: pass")))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


def test_kept_files_come_back_and_links_do_not(do: Do, worker: EmbeddedWorker) -> None:
    code = (
        "import os\nopen('a.txt', 'w').write('made')\nos.symlink('/etc/passwd', 'b.txt')\n"
        "os.mkdir('in'); open('in/c.txt', 'w').write('c')"
    )
    result = do(worker.run(RunRequest(code=code, keep=("*.txt", "in/*"))))
    assert result.claims.contents == {"a.txt": b"made", "in/c.txt": b"c"}


def test_memory_of_all_processes_together_is_bounded(do: Do, worker: EmbeddedWorker) -> None:
    code = (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n"
        "        b = bytearray(60 << 20)\n        for i in range(0, len(b), 4096): b[i] = 1\n"
        "        time.sleep(10)\n        os._exit(0)\ntime.sleep(10)\n"
    )
    result = do(worker.run(RunRequest(code=code, limits=Limits(memory_bytes=100 << 20))))
    assert result.status == "memory"
    assert "together" in result.reason


def test_a_worker_that_is_killed_is_noticed_and_its_run_lost(do: Do) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        run = asyncio.ensure_future(worker.run(RunRequest(code="while True: pass")))
        await asyncio.sleep(0.2)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        assert await worker.wait_lost() in ("it hung up", "its process has ended")
        with pytest.raises(WorkerLost):
            await run
        with pytest.raises(WorkerLost):
            await worker.run(RunRequest(code="x = 1"))
        with pytest.raises(WorkerLost):
            await worker.ping()
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_worker_that_is_stopped_by_a_signal_does_not_answer(do: Do) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        healthy = await worker.ping()
        assert healthy.descriptors > 3
        assert healthy.memory_bytes > 0
        for pid in _family(worker.pid):
            os.kill(pid, signal.SIGSTOP)
        with pytest.raises(WorkerLost, match="did not answer for 2 s"):
            await worker.ping()
        assert await worker.stop(0.1) == ()
        assert await backend.close(1.0) == ()

    do(go())


def _family(pid: int | None) -> list[int]:
    assert pid is not None
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        found += [int(child) for child in children.read_text().split()]
    return found


def test_a_batch_tells_how_far_it_came(do: Do, worker: EmbeddedWorker) -> None:
    codes = ("x = 1", "import os; os._exit(4)", "x = 3")
    results = do(worker.run_batch(BatchRequest(codes=codes, outputs=("x",))))
    assert [result.status for result in results] == ["ok", "error"]
    assert results[1].facts.exit_code == 4


def test_nothing_of_a_run_stays_on_the_disk(do: Do, worker: EmbeddedWorker) -> None:
    folder = worker._folder
    assert folder is not None
    do(worker.run(RunRequest(code="open('x', 'w').write('1')", files={"a/b": b""})))
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert left == []


def test_a_worker_whose_disk_can_not_be_freed_is_retired_and_says_so(
    do: Do, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        with monkeypatch.context() as patch:
            patch.setattr(run_folder, "remove", _refuse)
            assert (await worker.run(RunRequest(code="x = 1"))).ok
            assert await worker.wait_lost() == "its disk is not freed: " + _said(worker)
        assert [each.message for each in caplog.records if each.levelno == logging.ERROR] == [
            f"worker w0: {_said(worker)}"
        ]
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def _refuse(folder: Path, **how: Any) -> None:
    raise PermissionError(13, "Permission denied", folder.parent.name)


def _said(worker: EmbeddedWorker) -> str:
    assert worker._folder is not None
    first = worker._folder / "0"
    return f"{first} was not removed: PermissionError: [Errno 13] Permission denied: 'w0-gone'"


def test_a_slow_removal_does_not_hold_up_the_next_run(
    do: Do, monkeypatch: pytest.MonkeyPatch, worker: EmbeddedWorker
) -> None:
    held = threading.Event()
    really = run_folder.remove

    def slow(folder: Path, **how: Any) -> None:
        held.wait(30)
        really(folder, **how)

    async def go() -> None:
        assert worker._folder is not None
        with monkeypatch.context() as patch:
            patch.setattr(run_folder, "remove", slow)
            for _ in range(2):
                assert (await worker.run(RunRequest(code="x = 1", files={"a": b""}))).ok
        assert worker._yard is not None
        assert len(list(worker._yard.glob("*/a"))) == 2
        held.set()
        assert (await worker.run(RunRequest(code="x = 1"))).ok
        assert await worker._waste.take_all((), 20) == ()
        assert list(worker._yard.iterdir()) == []

    do(go())


def test_folders_too_deep_end_the_run_while_it_lives(do: Do, worker: EmbeddedWorker) -> None:
    code = "import os, time\nfor _ in range(70): os.mkdir('d'); os.chdir('d')\ntime.sleep(60)"
    result = do(worker.run(RunRequest(code=code, limits=Limits(wall_seconds=30.0))))
    assert result.status == "output_limit"
    assert result.reason == "its files can not be measured (File name too long)"


def test_a_frame_of_very_many_values_ends_as_output_limit(do: Do, worker: EmbeddedWorker) -> None:
    code = (
        "from tracemill_sandbox.inside import frame\n"
        "def dense(answer, nonce):\n"
        "    data = b'[' + b'0,' * (1 << 20) + b'0]'\n"
        "    return nonce + len(data).to_bytes(8, 'big') + data\n"
        "from tracemill_sandbox.inside import program\n"
        "program.encode = dense\n"
    )
    result = do(worker.run(RunRequest(code=code)))
    assert (result.status, result.reason) == (
        "output_limit",
        "its results hold more than 528386 values",
    )


def test_large_outputs_of_small_values_are_whole_or_a_summary_and_never_refused(
    do: Do, worker: EmbeddedWorker
) -> None:
    code = "a = [0] * 200_000\nb = [1] * 200_000\nc = list(range(100_000))\nd = 'x,' * 300_000"
    outputs = ("a", "b", "c", "d")
    result = do(worker.run(RunRequest(code=code, outputs=outputs)))
    assert (result.status, result.reason) == ("ok", "ended by itself")
    covered = {name: result.claims.outputs[name].coverage for name in outputs}
    assert covered == {"a": "whole", "b": "summary", "c": "summary", "d": "whole"}


def test_a_session_that_is_lost_unheard_leaves_no_exception_behind(
    do: Do, caplog: pytest.LogCaptureFixture
) -> None:
    async def go() -> None:
        told: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: told.append(context["message"]))
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        session = await worker.open_session(SessionRequest())
        worker.kill()
        await worker.wait_lost()
        await asyncio.wait({worker._session})
        with pytest.raises(WorkerLost):
            await worker.ping()
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()
        del session, worker, backend
        gc.collect()
        await asyncio.sleep(0)
        loop.set_exception_handler(None)
        assert told == []

    do(go())


def test_a_run_that_can_not_be_handed_over_leaves_no_descriptors(do: Do) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), spares=3)
        await backend.open()
        worker = await started(backend, "w0")
        while len(worker._seats) < 2:
            await asyncio.sleep(0.01)
        worker.kill()
        await worker.wait_lost()
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - is fast
        with pytest.raises(WorkerLost):
            await worker.run(RunRequest(code="x = 1"))
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - is fast
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_session_that_is_given_up_while_it_opens_is_ended(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        for steps in range(6):
            opening = asyncio.ensure_future(worker.open_session(SessionRequest()))
            for _ in range(steps):
                await asyncio.sleep(0)
            if not opening.cancel():
                await (await opening).close()
            else:
                with pytest.raises(asyncio.CancelledError):
                    await opening
            assert (await worker.run(RunRequest(code="x = 1"))).ok

    do(go())


LOOKING = """
import os
own = int(os.path.basename(os.getcwd()))
seen = []
for number in range(own):
    for name in ("", "/secret"):
        try:
            seen.append((number, os.stat(f"../{number}{name}").st_size))
        except OSError:
            pass
"""


@pytest.mark.parametrize("avoid", [(), ("namespaces",)], ids=["namespaces", "landlock"])
def test_no_run_sees_the_names_of_an_earlier_one_while_its_folder_is_removed(
    do: Do, monkeypatch: pytest.MonkeyPatch, avoid: tuple[str, ...]
) -> None:
    held = threading.Event()
    really = run_folder.remove

    def slow(folder: Path, **how: Any) -> None:
        held.wait(30)
        really(folder, **how)

    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), avoid=avoid)
        await backend.open()
        worker = await started(backend, "w0")
        with monkeypatch.context() as patch:
            patch.setattr(run_folder, "remove", slow)
            assert (await worker.run(RunRequest(code="open('secret', 'w').write('1')"))).ok
            result = await worker.run(RunRequest(code=LOOKING, outputs=("own", "seen")))
        held.set()
        assert (result.output("own"), result.output("seen")) == (1, [])
        assert await worker.stop(1.0) == ()
        assert list(backend.folder.glob("w0*")) == []
        assert await backend.close(1.0) == ()

    do(go())


def test_files_that_can_not_be_written_cost_neither_the_seat_nor_the_worker(
    do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, files: object, *, uid: int) -> None:
        (folder / "half").write_bytes(b"1")
        raise OSError(28, "No space left on device")

    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        with monkeypatch.context() as patch:
            patch.setattr(run_folder, "lay_out", full)
            with pytest.raises(WorkerLost, match="No space left on device"):
                await worker.run(RunRequest(code="", files={"a": b""}))
        async with asyncio.timeout(5):
            code = "import os; n = os.listdir(); own = os.path.basename(os.getcwd())"
            result = await worker.run(RunRequest(code=code, outputs=("n", "own")))
        assert (result.output("n"), result.output("own")) == ([], "0")
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_run_that_is_given_up_while_its_files_are_laid_out_leaves_its_seat(
    do: Do, monkeypatch: pytest.MonkeyPatch, worker: EmbeddedWorker
) -> None:
    begun, held = threading.Event(), threading.Event()
    really = run_folder.lay_out

    def slow(folder: Path, files: Mapping[str, bytes], *, uid: int) -> None:
        begun.set()
        held.wait(30)
        really(folder, files, uid=uid)

    async def go() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(run_folder, "lay_out", slow)
            run = asyncio.ensure_future(worker.run(RunRequest(code="", files={"a": b""})))
            await asyncio.to_thread(begun.wait, 20)
            run.cancel()
            await asyncio.sleep(0.05)
            assert not run.done()
            held.set()
            with pytest.raises(asyncio.CancelledError):
                await run
        async with asyncio.timeout(5):
            code = "import os; n = os.listdir()"
            assert (await worker.run(RunRequest(code=code, outputs=("n",)))).output("n") == []

    do(go())


def test_a_worker_stops_however_many_descriptors_its_host_has(do: Do) -> None:
    async def go() -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_048), hard))
        nothing = os.open(os.devnull, os.O_RDONLY)
        many = [os.dup(nothing) for _ in range(1_100)]
        backend = EmbeddedBackend(libraries=())
        try:
            await backend.open()
            worker = await started(backend, "w0")
            assert (await worker.run(RunRequest(code="x = 1"))).ok
            assert await worker.stop(1.0) == ()
            assert await backend.close(1.0) == ()
        finally:
            for each in (nothing, *many):
                os.close(each)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    do(go())


def test_a_worker_that_can_have_no_user_or_folder_is_a_lost_one(
    do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> int:
        raise OSError(24, "Too many open files")

    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        monkeypatch.setattr(EmbeddedBackend, "take_user", refuse)
        worker = backend.worker("w0")
        with pytest.raises(WorkerLost, match="worker w0 has no place: .*Too many open files"):
            await worker.start()
        assert await worker.stop(0) == ()
        assert await backend.close(0) == ()

    do(go())


def test_a_word_on_its_health_that_comes_too_late_is_no_fault(do: Do) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        asked = asyncio.ensure_future(worker.ping())
        await asyncio.sleep(0)
        worker._lose("a test says so")
        worker._hear({"health": {"descriptors": 1, "memory_bytes": 1}}, [])
        with pytest.raises(WorkerLost, match="a test says so"):
            await asked
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())


def test_a_run_that_is_lost_while_it_may_live_costs_its_worker(
    do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        worker = await started(backend, "w0")
        with monkeypatch.context() as patch:
            begin = Exchange._begin
            patch.setattr(Exchange, "_begin", lambda run, got: (close_all(got), begin(run, []))[0])
            with pytest.raises(WorkerLost, match="no handle of its process came"):
                await worker.run(RunRequest(code="import time; time.sleep(60)"))
        assert await worker.wait_lost() == "a run that was lost may still live"
        assert await worker.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    do(go())
