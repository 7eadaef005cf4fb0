"""The few calls to Docker or Podman, each with a deadline that holds.

docker-py's own time-outs hold for single reads only, and not for all of its calls; a frozen daemon
shows as an error of requests, an absent one as an error of the constructor. So each call runs in a
thread of its own with a connection of its own, is waited for until its deadline and no longer, and
whatever it raises becomes an ``EngineError``. The threads are daemons: one that hangs for ever
keeps nobody from ending.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TypeVar

from tracemill_sandbox.errors import SandboxError
from tracemill_sandbox.oci.client import Client, Connect, families, words_of
from tracemill_sandbox.worker import StopFailure

Found = TypeVar("Found")

OUTPUT_BYTES = 4096
"""What is kept of a container's last words."""

_GONE, _UNDER_WAY = 404, 409
_EARLIER = 0.9  # of a deadline, after which the client gives up by itself and says more


class EngineError(SandboxError):
    """A call to the engine failed.

    Attributes:
        subject: Id or name of the container or image, or ``engine``.
        phase: What was asked: ``create``, ``start``, ``stop``, ``kill``, ``remove``, ``verify``...
        error: Type name of what was raised; ``DeadlineExceeded`` if nothing came in time.
        text: What it said.
        code: HTTP status of the engine's answer; 0 if there was none.
    """

    def __init__(self, *, subject: str, phase: str, error: str, text: str, code: int = 0) -> None:
        self.subject, self.phase = subject, phase
        self.error, self.text, self.code = error, text, code
        super().__init__(f"{phase} {subject}: {error}: {text}")

    @property
    def gone(self) -> bool:
        """Whether the engine says that there is no such container or image."""
        return self.code == _GONE

    @property
    def under_way(self) -> bool:
        """Whether it says that what was asked for is being done, or was done."""
        return self.code == _UNDER_WAY

    def as_failure(self) -> StopFailure:
        """Return it as it stands in a report."""
        return StopFailure(subject=self.subject, phase=self.phase, error=self.error, text=self.text)


class Output:
    """The last words of a container, and whether it has ended."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self.attached = threading.Event()
        self.ended = threading.Event()

    def take(self, data: bytes) -> None:
        """Keep the end of what was said."""
        self._kept = (self._kept + data)[-OUTPUT_BYTES:]

    @property
    def text(self) -> str:
        """Return it as text."""
        return bytes(self._kept).decode(errors="replace").strip()


class Engine:
    """One engine; no call outlasts its ``seconds``."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect

    async def engine_id(self, seconds: float) -> str:
        """Ask for its id, which stays the same over its restarts.

        Raises:
            EngineError: as all calls here.
        """

        def action(client: Client) -> str:
            return str(client.info().get("ID", ""))

        return await self._call("open", "engine", seconds, action)

    async def has_image(self, image: str, seconds: float) -> bool:
        """Return whether there is such an image; nothing is ever pulled."""
        try:
            await self._call("image", image, seconds, lambda client: client.inspect_image(image))
        except EngineError as error:
            if not error.gone:
                raise
            return False
        return True

    async def import_image(self, name: str, tag: str, archive: bytes, seconds: float) -> None:
        """Make an image of a tar archive."""

        def action(client: Client) -> str:
            return client.import_image_from_data(archive, repository=name, tag=tag, changes=())

        await self._call("image", name, seconds, action)

    async def create(
        self, image: str, options: Mapping[str, object], host: Mapping[str, object], seconds: float
    ) -> str:
        """Make a container, not started; returns its id."""

        def action(client: Client) -> str:
            made = client.create_container(
                image, host_config=client.create_host_config(**host), **options
            )
            return str(made["Id"])

        return await self._call("create", str(options.get("name")), seconds, action)

    async def attach(self, container: str, seconds: float) -> Output:
        """Listen to a container that is not yet started, until it ends."""
        output = Output()

        def action(client: Client) -> None:
            with contextlib.closing(words_of(client, container)) as words:
                output.attached.set()
                for data in words:
                    output.take(data)
            output.ended.set()

        def listen() -> None:
            try:
                self._perform("attach", container, seconds, action)
            except EngineError as error:  # its words are lost, nothing else
                output.take(str(error).encode())
            output.attached.set()

        threading.Thread(target=listen, name=f"attach {container}", daemon=True).start()
        until = time.monotonic() + seconds
        while not output.attached.is_set() and time.monotonic() < until:
            await asyncio.sleep(0.005)
        return output

    async def start(self, container: str, seconds: float) -> None:
        """Start a container."""
        await self._call("start", container, seconds, lambda client: client.start(container))

    async def stop(self, container: str, seconds: float) -> None:
        """Ask a container to end, and have it killed a little before ``seconds`` are over."""
        patience = max(0, int(seconds / 2))
        await self._call(
            "stop", container, seconds, lambda client: client.stop(container, timeout=patience)
        )

    async def kill(self, container: str, seconds: float) -> None:
        """Kill all processes of a container."""
        await self._call("kill", container, seconds, lambda client: client.kill(container))

    async def remove(self, container: str, seconds: float) -> None:
        """Remove a container and its volumes, running or not."""
        await self._call(
            "remove",
            container,
            seconds,
            lambda client: client.remove_container(container, v=True, force=True),
        )

    async def labels(self, container: str, seconds: float) -> Mapping[str, str] | None:
        """Return the labels of a container; None if there is no such one."""
        try:
            found = await self._call(
                "verify", container, seconds, lambda client: client.inspect_container(container)
            )
        except EngineError as error:
            if not error.gone:
                raise
            return None
        config = found.get("Config")
        return _labels(config if isinstance(config, Mapping) else {})

    async def labelled(self, label: str, seconds: float) -> dict[str, Mapping[str, str]]:
        """Return all containers with a label, running or not: id -> labels."""

        def action(client: Client) -> dict[str, Mapping[str, str]]:
            found = client.containers(all=True, filters={"label": [label]})
            return {str(container["Id"]): _labels(container) for container in found}

        return await self._call("list", "engine", seconds, action)

    async def _call(
        self, phase: str, subject: str, seconds: float, action: Callable[[Client], Found]
    ) -> Found:
        answer: Future[Found] = Future()
        answer.set_running_or_notify_cancel()  # from here on nobody can cancel it

        def work() -> None:
            try:
                answer.set_result(self._perform(phase, subject, seconds, action))
            except EngineError as error:
                answer.set_exception(error)

        threading.Thread(target=work, name=f"{phase} {subject}", daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(answer)
        except TimeoutError as error:
            text = f"no answer within {seconds:.3g} s"
            raise EngineError(
                subject=subject, phase=phase, error="DeadlineExceeded", text=text
            ) from error

    def _perform(
        self, phase: str, subject: str, seconds: float, action: Callable[[Client], Found]
    ) -> Found:
        """Make one call in this thread; every error that it can raise becomes an EngineError."""
        try:
            client = self._connect(max(0.05, _EARLIER * seconds))
            with contextlib.closing(client):
                return action(client)
        except families() as error:
            response = getattr(error, "response", None)
            raise EngineError(
                subject=subject,
                phase=phase,
                error=type(error).__name__,
                text=str(error),
                code=int(getattr(response, "status_code", 0) or 0),
            ) from error


def _labels(found: Mapping[str, object]) -> Mapping[str, str]:
    labels = found.get("Labels")
    return labels if isinstance(labels, Mapping) else {}
