from __future__ import annotations

import gc
import subprocess
import sys
from types import ModuleType

import docker.errors
import docker.utils.socket
import pytest
import requests.exceptions
import urllib3.exceptions

from tracemill_sandbox.errors import SandboxUnavailable
from tracemill_sandbox.oci.client import connector, families


def _errors_of(module: ModuleType) -> list[type[Exception]]:
    found = [each for each in vars(module).values() if isinstance(each, type)]
    return [each for each in found if issubclass(each, Exception) and not issubclass(each, Warning)]


RAISED = [
    *_errors_of(docker.errors),
    *_errors_of(docker.utils.socket),
    *_errors_of(requests.exceptions),
    *_errors_of(urllib3.exceptions),
]


def test_everything_that_the_libraries_raise_is_known() -> None:
    assert [kind for kind in RAISED if not issubclass(kind, families())] == []


def test_the_table_of_errors_is_not_empty() -> None:
    names = {kind.__name__ for kind in RAISED}
    assert {"APIError", "NotFound", "ContainerError", "ReadTimeout", "SocketError"} <= names


def test_without_docker_py_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    with pytest.raises(SandboxUnavailable) as caught:
        connector("unix:///nowhere")
    assert caught.value.remedies == ("pip install 'tracemill-sandbox[oci]'",)
    assert caught.value.reasons[0].startswith("the package docker can not be imported (")


def test_docker_py_is_loaded_only_when_an_engine_is_wanted() -> None:
    code = "import sys, tracemill_sandbox.oci.backend; print('docker' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_absent_daemon_raises_in_the_constructor() -> None:
    with pytest.raises(families()):
        connector("unix:///nowhere/docker.sock")(1.0)
    gc.collect()  # docker-py leaves its socket open then, which is told of here and not later
