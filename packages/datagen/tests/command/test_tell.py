"""Printing: JSON to standard output, a bar only where somebody looks."""

from __future__ import annotations

import io

import pytest

from tracemill_datagen.command.tell import drawn, tell_json


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_json_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    tell_json({"a": [1]})
    assert capsys.readouterr().out == '{\n  "a": [\n    1\n  ]\n}\n'


def test_a_bar_is_drawn_on_a_terminal_and_cleared() -> None:
    stream = Terminal()
    with drawn(stream) as report:
        report("build", 1, 2)
    assert "build [###############---------------] 1/2" in stream.getvalue()
    assert stream.getvalue().endswith("\r\033[K")


def test_nothing_is_drawn_into_a_pipe() -> None:
    stream = io.StringIO()
    with drawn(stream) as report:
        report("build", 1, 2)
    assert stream.getvalue() == ""
