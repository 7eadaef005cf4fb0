"""docker-py as it is used here: some of its calls, and everything that they raise.

It is imported only when a client is made: whoever runs another backend needs none.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Protocol

from tracemill_sandbox.errors import SandboxUnavailable


class Closable(Protocol):
    """An open connection."""

    def close(self) -> None:
        """Close it."""
        ...


class Client(Protocol):
    """What is used of docker-py's ``APIClient``, with its words."""

    def info(self) -> Mapping[str, object]:
        """Return what the daemon says of itself."""
        ...

    def create_host_config(self, **options: object) -> Mapping[str, object]:
        """Return the part of a container's configuration that is about the host."""
        ...

    def create_container(self, image: str, **options: object) -> Mapping[str, object]:
        """Make a container; return its ``Id``."""
        ...

    def attach_socket(self, container: str, params: Mapping[str, object]) -> Closable:
        """Return the connection on which a container's output comes, in docker's frames."""
        ...

    def start(self, container: str) -> None:
        """Start a container."""
        ...

    def stop(self, container: str, timeout: int) -> None:
        """Stop a container, and kill it after ``timeout`` seconds."""
        ...

    def kill(self, container: str) -> None:
        """Kill a container."""
        ...

    def remove_container(self, container: str, *, v: bool, force: bool) -> None:
        """Remove a container, with its volumes if ``v``, running or not if ``force``."""
        ...

    def inspect_container(self, container: str) -> Mapping[str, object]:
        """Return what the daemon knows of a container."""
        ...

    def containers(self, **options: object) -> Sequence[Mapping[str, object]]:
        """Return the containers that ``filters`` lets through."""
        ...

    def inspect_image(self, image: str) -> Mapping[str, object]:
        """Return what the daemon knows of an image."""
        ...

    def import_image_from_data(self, data: bytes, **options: object) -> str:
        """Make an image of a tar archive."""
        ...

    def close(self) -> None:
        """Close its connections."""
        ...


Connect = Callable[[float], Client]
"""Makes a client whose single reads take at most so many seconds."""


def connector(url: str) -> Connect:
    """Return what makes clients of docker-py for the engine at ``url``.

    Raises:
        SandboxUnavailable: if docker-py is not installed.
    """
    try:
        docker = importlib.import_module("docker")
    except ImportError as error:
        raise SandboxUnavailable(
            reasons=(f"the package docker can not be imported ({error})",),
            remedies=("pip install 'tracemill-sandbox[oci]'",),
        ) from error

    spoken = "auto"

    def connect(seconds: float) -> Client:
        nonlocal spoken
        client: Client = docker.APIClient(base_url=url, version=spoken, timeout=seconds)
        spoken = str(getattr(client, "api_version", spoken))  # asked for once, not in every call
        return client

    return connect


def words_of(client: Client, container: str) -> Generator[bytes]:
    """Listen to a container until it ends.

    docker-py's own ``attach`` leaves the connection open; and it comes without the response that
    owns the socket, unless that is asked for by the name that docker-py gives it.
    """
    frames = importlib.import_module("docker.utils.socket").frames_iter
    wanted = {"stdout": 1, "stderr": 1, "stream": 1, "logs": 0}
    connection = client.attach_socket(container, wanted)
    owner: Closable = getattr(connection, "_response", connection)
    with contextlib.closing(connection), contextlib.closing(owner):  # the owner must go first
        yield b""
        for _, data in frames(connection, tty=False):
            yield data


def families() -> tuple[type[Exception], ...]:
    """Return everything that docker-py and what it stands on raise.

    The errors of requests are OSErrors. docker-py also lets errors of its own parsing through.
    """
    found: list[type[Exception]] = [
        http.client.HTTPException,
        LookupError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    ]
    for module, name in (
        ("docker.errors", "DockerException"),
        ("docker.utils.socket", "SocketError"),
        ("urllib3.exceptions", "HTTPError"),
    ):
        with contextlib.suppress(ImportError):
            found.append(getattr(importlib.import_module(module), name))
    return tuple(found)
