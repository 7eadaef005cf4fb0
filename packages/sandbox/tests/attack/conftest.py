"""Hosts in every mode, what is planted on them, and the oracles that look at it after each run."""

from __future__ import annotations

import contextlib
import itertools
import json
import operator
import os
import pickle
import secrets
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting

HERE = Path(__file__).parent
FIRST_ORDINARY_USER = 54321
"""The kernel counts processes per user, so test processes side by side have one each."""
_CALM_SECONDS = 0.5
"""So long nothing may change before a worker counts as calm; its spares are made after a run."""
_SETTLE_SECONDS = 3.0
"""So long a process may stay before it counts as left."""
_REMOVAL_SECONDS = 20.0
"""So long no file may go before those that are there count as left. A file that is left stays for
ever, so this only costs time; a removal that goes on beside the next run gets its turn only now and
then, while the programs of other tests use all there is."""
_ANSWER_SECONDS = 120.0
_SLACK_SECONDS = 10.0
"""What a run may take beyond its wall time before it counts as hung; says nothing about speed."""


@dataclass(frozen=True, kw_only=True)
class Mode:
    """One way to run the sandbox.

    Attributes:
        root: The pool's process is user 0; otherwise an ordinary user.
        namespaces: False has the Landlock-only tier.
        spares: Warm spares of the worker.
        subprocess: Programs may start other programs.
    """

    root: bool
    namespaces: bool
    spares: int
    subprocess: bool

    @property
    def name(self) -> str:
        return "-".join(
            (
                "root" if self.root else "user",
                "namespaces" if self.namespaces else "landlock",
                "warm" if self.spares else "cold",
                "spawn" if self.subprocess else "alone",
            )
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """What a machine needs for it."""
        return ("root",) * self.root + ("namespaces",) * self.namespaces


# Half of the sixteen: every three settings meet in every combination.
MODES = tuple(
    Mode(
        root=root,
        namespaces=namespaces,
        spares=spares,
        subprocess=(root + namespaces + spares) % 2 == 1,
    )
    for root in (True, False)
    for namespaces in (True, False)
    for spares in (1, 0)
)


def _ordinary_user() -> int:
    """Return our user, or if we are root one that is no other test process's."""
    beside = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return os.getuid() or FIRST_ORDINARY_USER + beside


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Try the oracles in two modes only: their programs run unheld, so the mode is all the same.

    The two are as unlike as can be, for the oracles compare with what a host in that mode keeps.
    """
    dropped = {item for item in items if item.path.name == "test_oracles.py" and not _is_kept(item)}
    items[:] = [item for item in items if item not in dropped]
    config.hook.pytest_deselected(items=list(dropped))


def _is_kept(item: pytest.Item) -> bool:
    return any(mode.name in item.nodeid for mode in (MODES[0], MODES[-1]))


class Host:
    """A process that serves runs from a pool of one worker, in one mode."""

    def __init__(self, mode: Mode, folder: Path) -> None:
        self.mode, self.folder = mode, folder
        self.uid = 0 if mode.root else _ordinary_user()
        self.secret = f"secret-{secrets.token_hex(16)}"
        self.pool_folder = folder / "pool"
        self.pool_folder.mkdir(mode=0o755)
        if os.getuid() == 0:
            os.chown(self.pool_folder, self.uid, self.uid)
        self._strangers = _processes()
        self._log = (folder / "host.log").open("wb")
        self._process = self._launch()
        self.greeting: Greeting = self._answer()
        self.run(RunRequest(code=f"left = {'earlier-run-secret'!r}"))
        self.calm = self._calm_census()

    def _launch(self) -> subprocess.Popen[bytes]:
        avoid = [] if self.mode.namespaces else ["namespaces"]
        settings = {"uid": self.uid, "avoid": avoid, "spares": self.mode.spares}
        return subprocess.Popen(
            [sys.executable, str(HERE / "host.py"), json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd="/",
            env={**os.environ, "TMPDIR": str(self.pool_folder), "HOST_SECRET": self.secret},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def run(self, request: RunRequest) -> RunResult:
        self._tell(request)
        result: RunResult = self._answer()
        return result

    def stop(self) -> Any:
        """End it; return the report of the pool."""
        try:
            self._tell(None)
            return self._answer()
        finally:
            self._process.kill()
            self._process.communicate()
            self._log.close()

    def _tell(self, what: object) -> None:
        assert self._process.stdin is not None
        pickle.dump(what, self._process.stdin)
        self._process.stdin.flush()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], _ANSWER_SECONDS)[0]:
            pytest.fail(f"the host in mode {self.mode.name} does not answer")
        try:
            return pickle.load(self._process.stdout)  # noqa: S301 - our own host wrote it
        except EOFError:
            log = (self.folder / "host.log").read_text(errors="replace")
            pytest.fail(f"the host in mode {self.mode.name} ended: {log[-2000:]}")

    def census(self) -> tuple[int, int]:
        """Return the number of processes that belong to the pool and of files in its folder."""
        family = _descendants(self.pid) | _named(str(self.pool_folder), but=self._strangers)
        return len(family - {self.pid}), len(_below(self.pool_folder))

    def _calm_census(self) -> tuple[int, int]:
        """Wait until the worker has its spares again; return the census then."""
        known, since = self.census(), time.monotonic()
        deadline = since + _SETTLE_SECONDS
        while time.monotonic() < min(since + _CALM_SECONDS, deadline):
            time.sleep(0.02)
            if (now := self.census()) != known:
                known, since = now, time.monotonic()
        return known

    def settled(self) -> tuple[int, int]:
        """Wait until processes and files are as many as before the first attack, or too long."""
        began = changed = time.monotonic()
        now = self.census()
        while any(map(operator.gt, now, self.calm)):
            known, now = now, self.census()
            moment = time.monotonic()
            changed = moment if now[1] < known[1] else changed
            is_late = moment - began > _SETTLE_SECONDS and now[0] > self.calm[0]
            if is_late or moment - changed > _REMOVAL_SECONDS:
                break
            time.sleep(0.02)
        return now


def _end_survivors(folder: Path) -> None:
    """Kill what outlived its run; all of them are stopped first, or they would fork on."""
    stopped: set[int] = set()
    while found := set(_survivors(folder, but=stopped)):
        stopped |= found
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGSTOP)
    for pid in stopped:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _survivors(folder: Path, *, but: Set[int]) -> Iterator[int]:
    """Yield the processes of the pool whose run's folder is gone."""
    for pid in _named(str(folder), but=but):
        with contextlib.suppress(OSError):
            if str(Path(f"/proc/{pid}/cwd").readlink()).endswith(" (deleted)"):
                yield pid


def _descendants(pid: int) -> set[int]:
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return set(found[1:])


def _named(word: str, *, but: Set[int]) -> set[int]:
    """Return the processes with ``word`` in their command line, but for those known before."""
    found = set()
    for pid in _processes() - but:
        with contextlib.suppress(OSError):
            if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


def _below(folder: Path) -> list[str]:
    """Return all paths in a folder; those that are removed meanwhile are left out."""
    return [
        str(Path(place) / name)
        for place, *names in os.walk(folder)
        for name in itertools.chain(*names)
    ]


def _processes() -> set[int]:
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208 - is fast


class World:
    """What is planted on the host for one case, and the oracles that look at it."""

    def __init__(self, host: Host, stack: contextlib.ExitStack) -> None:
        self._host = host
        self.mark = f"mark-{secrets.token_hex(6)}"
        self.folder = Path(tempfile.mkdtemp(dir=host.folder))
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.canary_folder = self.folder / "canary"
        self._plant_files()
        self._sockets = [
            *(self._listen(family, name, stack) for family, name in self._names()),
            self._datagrams(socket.AF_INET, ("127.0.0.1", 0), stack),
            self._datagrams(socket.AF_UNIX, str(self.folder / "datagram"), stack),
            self._datagrams(socket.AF_UNIX, f"\0{self.mark}-datagram", stack),
        ]
        self._victim = self._start_victim(stack)
        self._burden = self._burden_of(self._victim.pid)
        self._before = self._state_of_files()
        self._strangers = _processes()

    def _plant_files(self) -> None:
        secret = self.folder / "secret.txt"
        secret.write_text(f"{self._host.secret}\n")
        self.canary_folder.mkdir()
        (self.canary_folder / "canary.txt").write_text("untouched\n")
        for path in (secret, self.canary_folder / "canary.txt", self.canary_folder, self.folder):
            path.chmod(0o777 if path.is_dir() else 0o666)  # only the sandbox stands before them
            if self._host.uid != os.getuid():
                os.chown(path, self._host.uid, self._host.uid)

    def _names(self) -> tuple[tuple[int, Any], ...]:
        unix = socket.AF_UNIX
        return (
            (socket.AF_INET, ("127.0.0.1", 0)),
            (unix, str(self.folder / "stream")),
            (unix, f"\0{self.mark}"),
        )

    def _listen(self, family: int, name: Any, stack: contextlib.ExitStack) -> socket.socket:
        listener = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
        if family == socket.AF_INET:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        listener.bind(name)
        listener.listen()
        listener.settimeout(0)
        return listener

    def _datagrams(self, family: int, name: Any, stack: contextlib.ExitStack) -> socket.socket:
        receiver = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
        receiver.bind(name)
        receiver.settimeout(0)
        return receiver

    def _start_victim(self, stack: contextlib.ExitStack) -> subprocess.Popen[bytes]:
        for path in (self.folder / "stream", self.folder / "datagram"):
            path.chmod(0o777)
        victim = subprocess.Popen(
            ["/bin/sleep", "1000"],
            env={"VICTIM_SECRET": self._host.secret},
            user=self._host.greeting.uid if os.getuid() == 0 else None,
            group=self._host.greeting.uid if os.getuid() == 0 else None,
            start_new_session=True,
            cwd="/",
        )
        stack.callback(victim.wait)
        stack.callback(victim.kill)
        return victim

    def values(self) -> dict[str, str | int]:
        """Return the names of what was planted."""
        return {
            "SECRET_FILE": str(self.folder / "secret.txt"),
            "HOST_FOLDER": str(self.canary_folder),
            "CANARY": str(self.canary_folder / "canary.txt"),
            "POOL_FOLDER": str(self._host.pool_folder),
            "PORT": self._sockets[0].getsockname()[1],
            "UDP_PORT": self._sockets[3].getsockname()[1],
            "UNIX_STREAM": str(self.folder / "stream"),
            "UNIX_DATAGRAM": str(self.folder / "datagram"),
            "ABSTRACT": self.mark,
            "VICTIM": self._victim.pid,
            "HOST": self._host.pid,
            "MARK": self.mark,
            "TIER": self._host.greeting.tier,
            "MAY_SPAWN": self._host.mode.subprocess,
        }

    def broken(self, request: RunRequest, result: RunResult, seconds: float) -> Iterator[str]:
        """Yield what an attack did that the host can see."""
        if self._host.secret in repr(result):
            yield "the secret is in the result"
        if (now := self._state_of_files()) != self._before:
            yield f"the host's files changed: {self._before} -> {now}"
        yield from (f"something reached {one.getsockname()!r}" for one in self._reached())
        yield from self._unbound(request, result, seconds)
        if result.status == "infra_error" or result.facts.attempts != 1:
            yield f"the worker failed: {result.reason}"
        yield from self._victims()
        yield from self._left()

    def _state_of_files(self) -> dict[str, tuple[int, int, int, int, bytes]]:
        state = {}
        for path in (self.folder / "secret.txt", self.canary_folder, *self.canary_folder.iterdir()):
            status = path.lstat()
            content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
            with contextlib.suppress(OSError):
                content += repr(os.listxattr(path)).encode()
            state[path.name] = (
                *(status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns),
                content,
            )
        return state

    def _reached(self) -> Iterator[socket.socket]:
        for one in self._sockets:
            with contextlib.suppress(BlockingIOError):
                if one.type == socket.SOCK_STREAM:
                    one.accept()[0].close()
                else:
                    one.recv(100)
                yield one

    def _unbound(self, request: RunRequest, result: RunResult, seconds: float) -> Iterator[str]:
        limits, claims = request.limits, result.claims
        if seconds > limits.wall_seconds + _SLACK_SECONDS:
            yield f"took {seconds:.1f} s"
        for name, text in (("stdout", claims.stdout), ("stderr", claims.stderr)):
            if len(text) > limits.output_bytes:
                yield f"kept {len(text)} characters of {name}"
        if sum(len(content) for content in claims.contents.values()) > limits.kept_bytes:
            yield "kept more of the files than allowed"

    def _victims(self) -> Iterator[str]:
        for name, pid in (("victim", self._victim.pid), ("host", self._host.pid)):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state in "ZTtX":
                yield f"the {name} is in state {state}"
        if self._victim.poll() is None and self._burden_of(self._victim.pid) != self._burden:
            yield "the victim has other limits, priority or processors"

    @staticmethod
    def _burden_of(pid: int) -> tuple[object, ...]:
        limits = Path(f"/proc/{pid}/limits").read_text()
        policy = os.sched_getscheduler(pid)
        return os.getpriority(os.PRIO_PROCESS, pid), os.sched_getaffinity(pid), policy, limits

    def _left(self) -> Iterator[str]:
        for place in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/"):  # noqa: S108 - looks only
            yield from (f"left {path}" for path in Path(place).glob(f"*{self.mark}*"))
        processes, files = self._host.settled()
        below = _below(self._host.pool_folder)
        yield from (f"left {path}" for path in below if self.mark in Path(path).name)
        if processes > self._host.calm[0]:
            _end_survivors(self._host.pool_folder)
            yield f"{processes} processes live, before it were {self._host.calm[0]}"
        if files > self._host.calm[1]:
            yield f"{files} files lie in the pool's folder, before it were {self._host.calm[1]}"
        # What was told once is not told again by every later case.
        self._host.calm = max(processes, self._host.calm[0]), max(files, self._host.calm[1])
        if marked := _named(self.mark, but=self._strangers):
            yield f"left processes {sorted(marked)}"


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(mode, id=mode.name, marks=pytest.mark.needs(*mode.needs)) for mode in MODES
    ],
)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """A host in each mode in turn."""
    mode: Mode = request.param
    folder = Path(tempfile.mkdtemp(prefix="tracemill-attack-"))
    folder.chmod(0o755)
    try:
        opened = Host(mode, folder)
        try:
            assert ("namespaces" in opened.greeting.tier) == mode.namespaces, (
                opened.greeting.reasons
            )
            yield opened
        finally:
            report = opened.stop()
        assert report.failures == ()
        assert list(opened.pool_folder.iterdir()) == []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def world(host: Host) -> Iterator[World]:
    """Secret, canary, sockets and victim, fresh for each case."""
    with contextlib.ExitStack() as stack:
        yield World(host, stack)


@pytest.fixture
def planted(world: World) -> Mapping[str, str | int]:
    """Names of what was planted on the host."""
    return world.values()


@pytest.fixture
def tier(host: Host) -> str:
    """The tier that holds in this mode."""
    return host.greeting.tier


@pytest.fixture
def may_spawn(host: Host) -> bool:
    """Whether programs may start others in this mode."""
    return host.mode.subprocess


@pytest.fixture
def run(host: Host) -> Callable[[RunRequest], RunResult]:
    """Run a program in this mode, which also says whether it may start others."""
    return lambda request: host.run(replace(request, subprocess=host.mode.subprocess))


@pytest.fixture
def attack(
    host: Host, world: World, run: Callable[[RunRequest], RunResult]
) -> Callable[[RunRequest], tuple[RunResult, list[str]]]:
    """Run a program; return its result and what the host's oracles say, which is best nothing."""
    aim = {
        "aim.py": (HERE / "aim.py").read_bytes(),
        "aim.json": json.dumps(world.values()).encode(),
    }

    def carry_out(request: RunRequest) -> tuple[RunResult, list[str]]:
        began = time.monotonic()
        result = run(replace(request, files={**aim, **request.files}))
        broken = list(world.broken(request, result, time.monotonic() - began))
        served = run(RunRequest(code="answer = 6 * 7", outputs=("answer",)))
        if (served.status, served.output("answer"), served.worker_id) != (
            "ok",
            42,
            result.worker_id,
        ):
            broken.append(f"the worker does not serve the next run: {served.reason}")
        return result, broken

    return carry_out


@pytest.fixture
def unheld(host: Host, world: World, tmp_path: Path) -> Callable[[str], list[str]]:
    """Run a program in no sandbox at all; return what the oracles say, which must be something."""

    def carry_out(code: str) -> list[str]:
        (tmp_path / "aim.py").write_bytes((HERE / "aim.py").read_bytes())
        (tmp_path / "aim.json").write_text(json.dumps(world.values()))
        (tmp_path / "main.py").write_text(f"from aim import *\n{code}\n")
        with (tmp_path / "stdout").open("wb") as stdout, (tmp_path / "stderr").open("wb") as stderr:
            command = [sys.executable, "-B", "main.py"]
            done = subprocess.run(command, cwd=tmp_path, stdout=stdout, stderr=stderr, check=False)
        assert done.returncode == 0, (tmp_path / "stderr").read_text()
        request = RunRequest(code="", limits=Limits(output_bytes=1000))
        result = host.run(request)
        claims = replace(result.claims, stdout=(tmp_path / "stdout").read_text())
        return list(world.broken(request, replace(result, claims=claims), 0.0))

    return carry_out
