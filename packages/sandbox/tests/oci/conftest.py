"""An engine of threads for the quick tests, and a real one for those marked ``oci``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.oci import relay
from tracemill_sandbox.oci.backend import OciBackend
from tracemill_sandbox.oci.find import find_engine
from tracemill_sandbox.oci.link import Deadlines

if TYPE_CHECKING:
    from tracemill_sandbox.worker import Backend

HANG_SECONDS = 30.0


def refusal(code: int, text: str, kind: str = "APIError") -> Exception:
    """Return an error of docker-py as it is when the daemon answered with ``code``."""
    import docker.errors
    import requests

    response = requests.Response()
    response.status_code, response.reason = code, "refused"
    return getattr(docker.errors, kind)(text, response=response, explanation=text)


@dataclass(eq=False)
class FakeContainer:
    """A container that is a thread with a relay in it."""

    name: str
    labels: Mapping[str, str]
    options: Mapping[str, object]
    host: Mapping[str, object]
    running: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None
    serving: asyncio.Task[str] | None = None

    @property
    def socket(self) -> Path:
        (link,) = [bind for bind in self.host["binds"] if bind.endswith(":/link:rw")]
        return Path(link.split(":")[0]) / "relay"


@dataclass(eq=False)
class FakeEngine:
    """An engine and docker-py in one, with scripted faults.

    Attributes:
        backend: What runs behind the relays.
        faults: (call, container's name or ``*``) -> error to raise, or seconds to hang.
        words: What containers say; they end at once if it is not None.
        stays: Whether containers stay when they have ended, instead of being removed.
        deaf: Whether relays are not started: the container runs and makes no socket.
        seen: Called with each container before it is made.
    """

    backend: Backend
    faults: dict[tuple[str, str], Exception | float] = field(default_factory=dict)
    words: bytes | None = None
    stays: bool = False
    deaf: bool = False
    images: set[str] = field(default_factory=set)
    made: dict[str, FakeContainer] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    seen: Callable[[Mapping[str, object]], None] = lambda _: None
    thawed: threading.Event = field(default_factory=threading.Event)

    def connect(self, seconds: float) -> FakeClient:
        self.meet("connect", "engine")
        return FakeClient(self, seconds)

    def meet(self, call: str, subject: str) -> None:
        self.calls.append((call, subject))
        fault = self.faults.get((call, subject)) or self.faults.get((call, "*"))
        if isinstance(fault, float):
            self.thawed.wait(fault)
        elif fault is not None:
            raise fault

    def find(self, container: str) -> FakeContainer:
        if container not in self.made:
            raise refusal(404, f"No such container: {container}", "NotFound")
        return self.made[container]

    def place(self, name: str, labels: Mapping[str, str]) -> FakeContainer:
        """Put a container there that somebody else has made."""
        self.made[name] = FakeContainer(name=name, labels=labels, options={}, host={}, running=True)
        return self.made[name]

    def run(self, container: FakeContainer) -> None:
        container.running = True
        if self.words is None and not self.deaf:
            threading.Thread(target=self._serve, args=(container,), daemon=True).start()
        elif self.words is not None:
            self.leave(container)

    def _serve(self, container: FakeContainer) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._relay(container))
        self.leave(container)

    async def _relay(self, container: FakeContainer) -> None:
        container.loop = asyncio.get_running_loop()
        container.serving = asyncio.current_task()
        await relay.serve(container.socket, lambda _: self.backend, first_seconds=5.0)

    def leave(self, container: FakeContainer) -> None:
        container.running = False
        container.ended.set()
        if not self.stays:
            self.made.pop(container.name, None)

    def end(self, container: FakeContainer) -> None:
        if not container.running:
            raise refusal(409, f"container {container.name} is not running")
        if container.loop is not None and container.serving is not None:
            with contextlib.suppress(RuntimeError):
                container.loop.call_soon_threadsafe(container.serving.cancel)
        else:
            self.leave(container)


@dataclass(eq=False)
class FakeClient:
    engine: FakeEngine
    seconds: float

    def info(self) -> Mapping[str, object]:
        self.engine.meet("info", "engine")
        return {"ID": "fake-engine"}

    def create_host_config(self, **options: object) -> Mapping[str, object]:
        return options

    def create_container(self, image: str, **options: object) -> Mapping[str, object]:
        name = str(options["name"])
        self.engine.seen(options)
        self.engine.meet("create", name)
        self.engine.made[name] = FakeContainer(
            name=name, labels=options["labels"], options=options, host=options["host_config"]
        )
        return {"Id": name}

    def attach_socket(self, container: str, params: Mapping[str, object]) -> socket.socket:
        self.engine.meet("attach", container)
        found = self.engine.find(container)
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._speak, args=(found, theirs), daemon=True).start()
        return ours

    def _speak(self, container: FakeContainer, connection: socket.socket) -> None:
        """Say the container's words when it ends, in docker's frames."""
        with connection:
            container.ended.wait(HANG_SECONDS)
            words = self.engine.words or b""
            connection.sendall(struct.pack(">BxxxL", 2, len(words)) + words)

    def start(self, container: str) -> None:
        self.engine.meet("start", container)
        self.engine.run(self.engine.find(container))

    def stop(self, container: str, timeout: int) -> None:
        self.engine.meet("stop", container)
        self.engine.end(self.engine.find(container))

    def kill(self, container: str) -> None:
        self.engine.meet("kill", container)
        self.engine.end(self.engine.find(container))

    def remove_container(self, container: str, *, v: bool, force: bool) -> None:
        self.engine.meet("remove", container)
        found = self.engine.find(container)
        with contextlib.suppress(Exception):
            self.engine.end(found)
        self.engine.made.pop(container, None)

    def inspect_container(self, container: str) -> Mapping[str, object]:
        self.engine.meet("inspect", container)
        return {"Config": {"Labels": dict(self.engine.find(container).labels)}}

    def containers(self, **options: object) -> Sequence[Mapping[str, object]]:
        self.engine.meet("list", "engine")
        (label,) = options["filters"]["label"]
        found = [each for each in self.engine.made.values() if label in each.labels]
        return [{"Id": each.name, "Labels": dict(each.labels)} for each in found]

    def inspect_image(self, image: str) -> Mapping[str, object]:
        self.engine.meet("image", image)
        if image not in self.engine.images:
            raise refusal(404, f"No such image: {image}", "ImageNotFound")
        return {"Id": image}

    def import_image_from_data(self, data: bytes, **options: object) -> str:
        self.engine.meet("import", "engine")
        self.engine.images.add(f"{options['repository']}:{options['tag']}")
        return "done"

    def close(self) -> None:
        self.engine.calls.append(("close", ""))


@pytest.fixture
def refuse() -> Callable[..., Exception]:
    """Return what makes errors of docker-py: code, text, name of the class."""
    return refusal


@pytest.fixture
def engine(fake: Backend) -> Iterator[FakeEngine]:
    """Return an engine of threads with the scripted backend behind its relays."""
    made = FakeEngine(backend=fake)
    yield made
    made.thawed.set()
    for container in list(made.made.values()):
        container.ended.set()
        if container.loop is not None and container.serving is not None:
            with contextlib.suppress(RuntimeError):
                container.loop.call_soon_threadsafe(container.serving.cancel)


@pytest.fixture
def deadlines() -> Deadlines:
    """Return deadlines short enough for tests."""
    return Deadlines(call=5.0, start=10.0, later=5.0, ping=0.5, cancel=0.5)


@pytest.fixture
def backend_of(
    engine: FakeEngine, tmp_path: Path, deadlines: Deadlines
) -> Callable[..., OciBackend]:
    """Return what makes backends on the engine of threads; keywords as of ``OciBackend``."""
    return partial(
        OciBackend, connect=engine.connect, ledger=tmp_path / "ledger", deadlines=deadlines
    )


@dataclass(frozen=True)
class PrivateEngine:
    """A daemon of our own."""

    url: str
    daemon: subprocess.Popen[bytes]

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Have the daemon answer nothing for a while."""
        self.daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.daemon.send_signal(signal.SIGCONT)


INSTALL = (
    "these tests need Docker or Podman: install an engine and start it, or install Debian's "
    "docker.io and run them as root (they start a daemon of their own then)"
)


@pytest.fixture(scope="session")
def private_engine() -> Iterator[PrivateEngine]:
    """Start a dockerd of our own, which can be frozen without hurting anybody."""
    program = shutil.which("dockerd") or shutil.which("dockerd", path="/usr/sbin")
    if program is None or os.getuid() != 0:
        pytest.fail(INSTALL)
    with tempfile.TemporaryDirectory(prefix="tm-", ignore_cleanup_errors=True) as folder:
        path = Path(folder, "docker.sock")
        places = ("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec")
        plain = ("--storage-driver", "vfs", "--iptables=false", "--bridge=none")
        with Path(folder, "log").open("wb") as log:
            daemon = subprocess.Popen(
                [program, *places, "-H", f"unix://{path}", "-p", f"{folder}/pid", *plain],
                stdout=log,
                stderr=log,
            )
        try:
            _await_socket(path, daemon, Path(folder, "log"))
            yield PrivateEngine(f"unix://{path}", daemon)
        finally:
            daemon.send_signal(signal.SIGCONT)
            daemon.terminate()
            try:
                daemon.wait(30)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


def _await_socket(path: Path, daemon: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and daemon.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(path))
            return
        time.sleep(0.1)
    pytest.fail(f"dockerd did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def engine_url(request: pytest.FixtureRequest) -> str:
    """Return the address of the user's engine, or of one of our own."""
    try:
        return find_engine(os.environ)
    except SandboxUnavailable:
        return request.getfixturevalue("private_engine").url


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "oci: needs a container engine (Docker or Podman)")
