from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracemill_sandbox.cli import sandbox
from tracemill_sandbox.errors import RequestInvalid

pytestmark = pytest.mark.sandbox


def test_run_prints_output_and_wanted_variables(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("print('hello')\nx = 6 * 7\nraise SystemExit(3)\n")
    result = CliRunner().invoke(sandbox, ["run", str(program), "--output", "x"])
    assert result.exit_code == 1
    assert result.stdout == "hello\nx = 42\n"
    assert "error: ended with code 3" in result.stderr


def test_run_refuses_what_is_no_text(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(sandbox, ["run", str(program)])
    assert isinstance(result.exception, RequestInvalid)
    assert "wanted UTF-8 text" in str(result.exception)


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_doctor_tells_the_tier(flags: list[str]) -> None:
    result = CliRunner().invoke(sandbox, ["doctor", *flags])
    assert result.exit_code == 0
    if flags:
        assert json.loads(result.stdout)["identity"]["backend"] == "process"
    else:
        assert "tier      " in result.stdout
