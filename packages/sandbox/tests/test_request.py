from __future__ import annotations

import pytest

from tracemill_sandbox.errors import RequestInvalid
from tracemill_sandbox.request import Limits, RunRequest


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../up", "a/../../up", "nul\0"])
def test_files_stay_inside_the_folder(path: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        RunRequest(code="", files={path: b""})
    assert str(caught.value) == (
        f"file: wanted a relative path inside the run's folder, got {path!r}"
    )


@pytest.mark.parametrize("name", ["", "a b", "a.b", "for"])
def test_outputs_are_names(name: str) -> None:
    with pytest.raises(RequestInvalid, match="output: wanted the name of a variable"):
        RunRequest(code="", outputs=(name,))


def test_limits_are_positive() -> None:
    with pytest.raises(RequestInvalid) as caught:
        Limits(wall_seconds=0)
    assert str(caught.value) == "limit wall_seconds: wanted a number above 0, got 0"
    with pytest.raises(RequestInvalid, match="open_files: wanted at least 32, got 8"):
        Limits(open_files=8)
