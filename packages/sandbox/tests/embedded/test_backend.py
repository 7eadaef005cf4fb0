from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
import time
from pathlib import Path

import pytest

from tracemill_sandbox.embedded import template as template_module
from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.request import RunRequest

pytestmark = pytest.mark.sandbox


def test_a_template_that_died_is_started_anew_for_the_next_worker() -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), spares=0)
        await backend.open()
        first, second = backend.worker("w1"), backend.worker("w2")
        await first.start()
        template = backend._template
        assert template is not None
        template.kill()
        assert await first.wait_lost() in ("it hung up", "its process has ended")
        assert await first.stop(1.0) == ()
        await second.start()
        assert await second.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    asyncio.run(go())


def test_a_template_that_hangs_is_ended_and_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_module, "_FORK_SECONDS", 0.3)

    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), spares=0)
        await backend.open()
        assert backend._template is not None
        pid = backend._template.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        first, second = backend.worker("w1"), backend.worker("w2")
        with pytest.raises(WorkerLost, match=r"the template said nothing for 0\.3 s"):
            await first.start()
        assert await first.stop(1.0) == ()
        monkeypatch.undo()
        await second.start()
        assert not Path(f"/proc/{pid}").exists()
        assert await second.stop(1.0) == ()
        assert await backend.close(1.0) == ()

    asyncio.run(go())


def test_an_answer_that_comes_too_late_is_not_given_to_the_next_who_asks() -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), spares=0)
        await backend.open()
        assert backend._template is not None
        pid = backend._template.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        uid = backend.take_user()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs, mine, its:
            folder = backend.new_folder("w1", uid)
            given_up = asyncio.ensure_future(backend.fork(folder, uid, theirs))
            await asyncio.sleep(0.05)
            given_up.cancel()
            asking = asyncio.ensure_future(backend.fork(backend.new_folder("w2", uid), uid, its))
            await asyncio.sleep(0.05)
            os.kill(pid, signal.SIGCONT)
            handle, _ = await asking
            its.close()
            mine.close()  # only the second worker is hung up on
            poller = select.poll()
            poller.register(handle, select.POLLIN)
            assert await asyncio.to_thread(poller.poll, 5000)
            os.close(handle)
        assert await backend.close(1.0) == ()

    asyncio.run(go())


def test_a_closed_backend_stays_closed_whoever_asks_it() -> None:
    async def go() -> Path:
        backend = EmbeddedBackend(libraries=())
        opening = asyncio.ensure_future(backend.open())
        await asyncio.sleep(0.05)
        folder = backend.folder
        assert await backend.close(0.0) == ()
        with pytest.raises(WorkerLost):
            await asyncio.wait_for(opening, 5.0)
        with pytest.raises(WorkerLost, match="the backend is closed"):
            await backend.open()
        with pytest.raises(WorkerLost, match="the backend is closed"):
            backend.new_folder("w1", os.getuid())
        return folder

    assert not asyncio.run(go()).exists()


def test_workers_have_users_of_their_own_where_the_host_is_root() -> None:
    async def go() -> tuple[int, int]:
        backend = EmbeddedBackend(libraries=())
        first, second = backend.take_user(), backend.take_user()
        backend.give_user_back(first)
        assert await backend.close(0) == ()
        return first, second

    first, second = asyncio.run(go())
    if os.getuid() == 0:
        assert 0 not in (first, second)
        assert first != second
    else:
        assert first == second == os.getuid()


def test_less_than_landlock_and_a_filter_is_refused_with_reasons() -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), avoid=("seccomp",))
        with pytest.raises(SandboxUnavailable) as refused:
            await backend.open()
        assert any("seccomp" in reason for reason in refused.value.reasons)
        assert len(refused.value.reasons) == len(refused.value.remedies)
        assert await backend.close(1.0) == ()

    asyncio.run(go())


def test_closing_removes_the_folder_and_a_second_time_is_no_fault() -> None:
    async def go() -> Path:
        backend = EmbeddedBackend(libraries=())
        await backend.open()
        folder = backend.folder
        assert folder.is_dir()
        assert await backend.close(1.0) == ()
        assert await backend.close(1.0) == ()
        return folder

    assert not asyncio.run(go()).exists()


def test_a_template_that_can_not_start_is_told_with_its_log() -> None:
    async def go() -> None:
        backend = EmbeddedBackend(libraries=(".",))
        with pytest.raises(WorkerLost, match=r"(?s)the template did not become ready: .*Error"):
            await backend.open()
        ours, theirs = socket.socketpair()
        with ours, theirs, pytest.raises(WorkerLost):
            await backend.fork(backend.folder, os.getuid(), theirs)
        (failure,) = await backend.close(1.0)
        assert (failure.subject, failure.phase, failure.error) == ("template", "stop", "Broken")

    asyncio.run(go())


LEAVING = (
    "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n"
    "        if os.fork(): os._exit(0)\n"
    "        os.execv('/bin/sh', ['{mark}', '-c', 'sleep 60; :'])\ntime.sleep(60)\n"
)


@pytest.mark.parametrize("avoid", [(), ("namespaces",)], ids=["namespaces", "landlock"])
@pytest.mark.parametrize("victim", ["template", "worker"])
def test_whoever_is_killed_nothing_of_a_run_survives(avoid: tuple[str, ...], victim: str) -> None:
    mark = f"stays-{time.monotonic_ns()}"

    async def go() -> None:
        backend = EmbeddedBackend(libraries=(), avoid=avoid)
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        run = asyncio.ensure_future(worker.run(RunRequest(code=LEAVING.format(mark=mark))))
        while len(_marked(mark)) < 3:
            await asyncio.sleep(0.02)
        if victim == "template":
            assert backend._template is not None
            backend._template.kill()
        else:
            worker.kill()
        await asyncio.sleep(0.05)
        assert await worker.stop(0.5) == ()
        with pytest.raises(WorkerLost):
            await run
        await backend.close(1.0)

    asyncio.run(go())
    assert _marked(mark) == []


def _marked(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if mark in path.read_text(errors="replace"):
                found.append(path.parent.name)
    return found
