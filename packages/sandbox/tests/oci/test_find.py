from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.kernel import shortfall
from tracemill_sandbox.oci.find import find_engine, places


@pytest.mark.parametrize(
    ("environment", "tried"),
    [
        ({"DOCKER_HOST": "unix:///a", "CONTAINER_HOST": "unix:///b"}, ("unix:///a",)),
        ({"CONTAINER_HOST": "unix:///b", "XDG_RUNTIME_DIR": "/r"}, ("unix:///b",)),
        ({}, ("unix:///var/run/docker.sock", "unix:///run/podman/podman.sock")),
        (
            {"XDG_RUNTIME_DIR": "/r"},
            (
                "unix:///var/run/docker.sock",
                "unix:///run/podman/podman.sock",
                "unix:///r/docker.sock",
                "unix:///r/podman/podman.sock",
            ),
        ),
    ],
)
def test_what_is_named_comes_before_the_usual_places(
    environment: dict[str, str], tried: tuple[str, ...]
) -> None:
    assert places(environment) == tried


def test_an_engine_that_listens_is_found(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(str(tmp_path / "d.sock"))
        daemon.listen()
        url = f"unix://{tmp_path}/d.sock"
        assert find_engine({"DOCKER_HOST": url}) == url


def _refusal(url: str, **more: str) -> SandboxUnavailable:
    with pytest.raises(SandboxUnavailable) as caught:
        find_engine({"DOCKER_HOST": url}, **more)
    return caught.value


def test_no_socket_says_what_to_install(tmp_path: Path) -> None:
    refusal = _refusal(f"unix://{tmp_path}/none")
    assert refusal.reasons == (f"unix://{tmp_path}/none: there is no such socket",)
    assert refusal.remedies[0].startswith("install an engine (Debian and Ubuntu: apt install ")


def test_a_socket_without_a_daemon_says_what_to_start(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(str(tmp_path / "d.sock"))
    refusal = _refusal(f"unix://{tmp_path}/d.sock")
    assert refusal.reasons == (f"unix://{tmp_path}/d.sock: Connection refused",)
    assert refusal.remedies[0].startswith("start the engine (systemctl start docker")


def test_a_socket_of_others_says_how_to_get_the_right(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    refusal = _refusal("unix:///d.sock")
    assert refusal.reasons == (f"unix:///d.sock: user {os.getuid()} may not use the socket",)
    assert refusal.remedies[0].startswith("let this user use it (usermod -aG docker USER")


def test_an_engine_elsewhere_can_not_share_a_folder() -> None:
    refusal = _refusal("tcp://10.0.0.1:2375")
    (reason,) = refusal.reasons
    assert reason.startswith("tcp://10.0.0.1:2375: containers share a folder with this process")
    assert refusal.remedies == ("use an engine on this machine: DOCKER_HOST=unix:///PATH",)


def test_outside_linux_the_relay_can_not_be_reached() -> None:
    refusal = _refusal("unix:///d.sock", platform="darwin")
    lack = shortfall.host_not_linux("darwin")
    assert refusal.reasons == (lack.reason,)
    assert refusal.remedies == (lack.remedy,)


def test_every_place_is_named_and_each_remedy_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _nowhere)
    with pytest.raises(SandboxUnavailable) as caught:
        find_engine({"XDG_RUNTIME_DIR": "/r"})
    assert len(caught.value.reasons) == 4
    assert len(caught.value.remedies) == 1


def _nowhere(self: socket.socket, path: str) -> None:
    raise FileNotFoundError(2, "No such file or directory")
