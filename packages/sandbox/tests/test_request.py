from __future__ import annotations

import math
import re
from dataclasses import fields

import pytest

from tracemill_sandbox.errors import RequestInvalid
from tracemill_sandbox.request import SPANS, Limits, RunRequest, SessionRequest


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


@pytest.mark.parametrize("name", [each.name for each in fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan, 1 << 70, 1e30, True, "1", None])
def test_limits_that_could_not_be_kept_are_refused(name: str, value: object) -> None:
    with pytest.raises(RequestInvalid, match=rf"limit {name}: .*, got {re.escape(repr(value))}$"):
        Limits(**{name: value})  # type: ignore[arg-type]  # that is what is tried


@pytest.mark.parametrize("name", [each.name for each in fields(Limits)])
def test_limits_may_go_to_their_bounds(name: str) -> None:
    span = SPANS[name]
    least = 1e-9 if span.least is None else span.least
    assert getattr(Limits(**{name: least}), name) == least  # type: ignore[arg-type]  # the same
    assert getattr(Limits(**{name: span.most}), name) == span.most
    with pytest.raises(RequestInvalid):
        Limits(**{name: span.most + 1})


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"memory_bytes": 1.5e9}, "a whole number from 1 up to 140737488355328"),
        ({"open_files": 8}, "a whole number from 32 up to 65536"),
        ({"wall_seconds": math.inf}, r"a number above 0 and up to 604800 \(a week\), got inf"),
    ],
)
def test_a_refusal_says_what_a_limit_may_be(limits: dict[str, float], text: str) -> None:
    with pytest.raises(RequestInvalid, match=f"^limit {next(iter(limits))}: wanted {text}"):
        Limits(**limits)  # type: ignore[arg-type]  # that is what is tried


@pytest.mark.parametrize("seconds", [0.0, math.nan, math.inf])
def test_a_session_ends(seconds: float) -> None:
    with pytest.raises(RequestInvalid, match="^session seconds: wanted a number above 0 and up to"):
        SessionRequest(seconds=seconds)


@pytest.mark.parametrize(
    ("paths", "fault"),
    [
        (["x" * 300], "wanted names of at most 255 bytes, and 2048 in all, got 'xxx"),
        (["\u00e4" * 128], "wanted names of at most 255 bytes"),
        (["/".join(["y" * 200] * 11)], "and 2048 in all, got 'yyy"),
        (["a", "a/b"], "'a' is the folder of another file"),
        (["a/b/c", "./a//b"], "'./a//b' is the folder of another file"),
        (["a/b", "a//b"], "'a//b' and 'a/b' are the same"),
        (["\ud800"], r"wanted a name that is UTF-8, got '\ud800'"),
        (["d/" * 65 + "f"], "wanted at most 64 folders one within the other, got 65 in 'd/d/"),
        (["d/" * 100_000 + "f"], "got 100000 in 'd/d/"),
    ],
)
def test_files_that_can_not_be_laid_out_are_refused(paths: list[str], fault: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        RunRequest(code="", files=dict.fromkeys(paths, b""))
    assert str(caught.value).startswith("file: ")
    assert fault in str(caught.value)


@pytest.mark.parametrize("path", ["d/" * 64 + "f", "x" * 255, "./a//b", "\u00e4 b"])
def test_files_as_deep_and_long_as_they_may_be_are_taken(path: str) -> None:
    RunRequest(code="", files={path: b""})
