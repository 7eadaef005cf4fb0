"""Where the engine is, and why it can not be reached; asked before docker-py is."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.kernel import shortfall

_SCHEME = "unix://"
_CONNECT_SECONDS = 2.0
_INSTALL = (
    "install an engine (Debian and Ubuntu: apt install docker.io; Fedora: dnf install podman) and "
    "start it, or name its socket in DOCKER_HOST"
)
_RIGHTS = (
    "let this user use it (usermod -aG docker USER, then log in again; it is as good as being "
    "root), or run Podman as this user (systemctl --user start podman.socket)"
)
_START = "start the engine (systemctl start docker, or systemctl --user start podman.socket)"
_LOCAL = "use an engine on this machine: DOCKER_HOST=unix:///PATH"


def find_engine(environment: Mapping[str, str], *, platform: str = sys.platform) -> str:
    """Return the address of the engine, after one look that somebody listens there.

    Args:
        environment: ``DOCKER_HOST`` or ``CONTAINER_HOST`` name the engine; else the usual places
            are tried, with ``XDG_RUNTIME_DIR`` for those of this user.
        platform: As ``sys.platform``.

    Raises:
        SandboxUnavailable: naming each place and what was wrong with it.
    """
    if not platform.startswith("linux"):
        lack = shortfall.host_not_linux(platform)
        raise SandboxUnavailable(reasons=(lack.reason,), remedies=(lack.remedy,))
    faults = []
    for url in places(environment):
        fault = _refusal(url)
        if fault is None:
            return url
        faults.append((f"{url}: {fault[0]}", fault[1]))
    reasons, remedies = zip(*faults, strict=True)
    raise SandboxUnavailable(reasons=reasons, remedies=tuple(dict.fromkeys(remedies)))


def places(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses to try, in order; what is named alone counts, if anything is."""
    named = environment.get("DOCKER_HOST") or environment.get("CONTAINER_HOST")
    if named:
        return (named,)
    paths = ["/var/run/docker.sock", "/run/podman/podman.sock"]
    if own := environment.get("XDG_RUNTIME_DIR"):
        paths += [f"{own}/docker.sock", f"{own}/podman/podman.sock"]
    return tuple(_SCHEME + path for path in paths)


def _refusal(url: str) -> tuple[str, str] | None:
    """Return reason and remedy if nobody answers the call at ``url``."""
    if not url.startswith(_SCHEME):
        return "containers share a folder with this process, so it must be a unix socket", _LOCAL
    path = Path(url.removeprefix(_SCHEME))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_CONNECT_SECONDS)
        try:
            probe.connect(str(path))
        except PermissionError:
            return f"user {os.getuid()} may not use the socket", _RIGHTS
        except FileNotFoundError:
            return "there is no such socket", _INSTALL
        except OSError as error:
            return error.strerror or type(error).__name__, _START
    return None
