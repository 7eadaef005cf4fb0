from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tracemill_sandbox import census
from tracemill_sandbox.backend import BACKENDS
from tracemill_sandbox.cli import sandbox
from tracemill_sandbox.errors import RequestInvalid, SandboxUnavailable
from tracemill_sandbox.worker import StopFailure

FakeBackend = Any  # in conftest.py

COMMAND = (sys.executable, "-c", "from tracemill_sandbox.cli import sandbox; sandbox()")


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(sandbox, [str(word) for word in words])


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return tmp_path / "program.py"


@pytest.fixture
def scripted(fake: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    """Return the backend that the commands get for the word ``embedded``."""
    fake.tiers = deque(["none"])  # such a worker's self-test is one question
    monkeypatch.setitem(BACKENDS, "embedded", lambda _: fake)
    return fake


@pytest.mark.parametrize("command", sandbox.commands)
def test_each_command_has_an_example_in_its_help(command: str) -> None:
    assert f"Example: tracemill sandbox {command}" in invoke(command, "--help").stdout


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        ("ok", 0, "ok: scripted"),
        ("killed", 1, "killed: scripted"),
        ("die", 3, "infra_error: its process has ended"),
    ],
)
def test_the_exit_code_tells_the_program_from_the_sandbox(
    program: Path, scripted: FakeBackend, code: str, exit_code: int, said: str
) -> None:
    program.write_text(code)
    result = invoke("run", program)
    assert (result.exit_code, said in result.stderr) == (exit_code, True)


def test_what_could_not_be_ended_is_told_and_turns_the_exit_code(
    program: Path, scripted: FakeBackend
) -> None:
    left = StopFailure(subject="w0", phase="kill", error="Remains", text="process 7 does not end")
    scripted.stop = lambda _: (left,)
    program.write_text("ok")
    result = invoke("run", program)
    assert result.exit_code == 3
    assert "w0: kill failed: Remains: process 7 does not end\n" in result.stderr


def test_what_is_required_and_missing_is_an_error(program: Path, scripted: FakeBackend) -> None:
    program.write_text("ok")
    result = invoke("run", program, "--require", "landlock", "--require", "seccomp")
    assert isinstance(result.exception, SandboxUnavailable)
    assert result.exception.reasons == ("required: landlock, seccomp",)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--seconds", "0"), "limit wall_seconds: wanted a number above 0 and up to 604800"),
        (("--output", "a-b"), "output: wanted the name of a variable, got 'a-b'"),
        (("--seconds", "inf"), "limit wall_seconds: wanted a number above 0 and up to 604800"),
        (("--memory-mb", "inf"), "--memory-mb: wanted a number above 0, got inf"),
        (("--memory-mb", "nan"), "--memory-mb: wanted a number above 0, got nan"),
        (("--file", "missing"), "--file: wanted a file to read, got 'missing': No such file"),
        (("--file", "/=x"), "--file: wanted a file to read, got '/': Is a directory"),
        (("--keep", "/etc/x"), "file: wanted a relative path inside the run's folder"),
    ],
)
def test_an_impossible_request_is_refused_before_anything_starts(
    program: Path, scripted: FakeBackend, words: tuple[str, ...], text: str
) -> None:
    program.write_text("ok")
    result = invoke("run", program, *words)
    assert isinstance(result.exception, RequestInvalid)
    assert text in str(result.exception)
    assert scripted.opened == 0


def test_run_refuses_what_is_no_text(program: Path) -> None:
    program.write_bytes(b"\xff\xfe")
    result = invoke("run", program)
    assert isinstance(result.exception, RequestInvalid)
    assert str(result.exception) == f"{program}: wanted UTF-8 text, got invalid start byte"


@pytest.mark.sandbox
def test_run_prints_output_and_wanted_variables(program: Path) -> None:
    program.write_text("print('hello')\nx = 6 * 7\nraise SystemExit(3)\n")
    result = invoke("run", program, "--output", "x")
    assert result.exit_code == 1
    assert result.stdout == "hello\nx = 42\n"
    assert "error: ended with code 3" in result.stderr


@pytest.mark.sandbox
def test_run_lays_files_in_and_brings_files_back(program: Path, tmp_path: Path) -> None:
    (tmp_path / "co2.csv").write_text("a\n1\n")
    program.write_text(
        "import os\nread = open('co2.csv').read() + open('in/b.csv').read()\n"
        "open('made.txt', 'w').write(read)\nopen('other.txt', 'w').write('-')\n"
    )
    files = ("--file", tmp_path / "co2.csv", "--file", f"{tmp_path / 'co2.csv'}=in/b.csv")
    kept = ("--keep", "m*.txt", "--into", tmp_path / "kept")
    result = invoke("run", program, *files, *kept, "--json")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "kept/made.txt").read_text() == "a\n1\na\n1\n"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["made.txt"]
    said = json.loads(result.stdout)
    assert (said["status"], said["claims"]["contents"]) == ("ok", {"made.txt": 8})


@pytest.mark.sandbox
def test_run_holds_the_program_to_the_limits_of_the_options(program: Path) -> None:
    program.write_text("import os\nif os.fork() == 0:\n    os._exit(0)\n")
    assert invoke("run", program).exit_code == 0
    refused = invoke("run", program, "--no-subprocess")
    assert (refused.exit_code, "PermissionError" in refused.stderr) == (1, True)
    program.write_text("data = bytearray(100 << 20)\n")
    assert invoke("run", program).exit_code == 0
    assert "memory: " in invoke("run", program, "--memory-mb", "50").stderr


@pytest.mark.sandbox
@pytest.mark.parametrize(("in_the_way", "fault"), [("f", "Is a directory"), ("", "File exists")])
def test_a_kept_file_that_can_not_be_written_is_told_after_the_verdict(
    program: Path, tmp_path: Path, in_the_way: str, fault: str
) -> None:
    into = tmp_path / "kept"
    if in_the_way:
        (into / "d/f").mkdir(parents=True)
    else:
        into.mkdir()
        (into / "d").touch()
    program.write_text("import os\nos.mkdir('d')\nopen('d/f', 'w').close()\nprint('hello')\n")
    result = invoke("run", program, "--keep", "d/*", "--into", into)
    assert isinstance(result.exception, RequestInvalid)
    assert str(result.exception) == (
        f"--into: wanted a folder to write 'd/f' to, got {into}: {fault}"
    )
    assert result.stdout == "hello\n"
    assert result.stderr.startswith("ok: ")


@pytest.mark.sandbox
def test_kept_files_come_back_although_nobody_reads_the_output(
    program: Path, tmp_path: Path
) -> None:
    program.write_text("open('f', 'w').close()\nprint('hello')\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "run", program, "--keep", "f", "--into", tmp_path / "kept"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode != 0
    assert (tmp_path / "kept/f").exists()


UGLY = """
import sys
print("\\x1b]0;title\\x07\\x1b[2J\\ra\\u202eb\\tc")
x = "\\x1b[8m\\u202e"
sys.stderr.write("ok: ended by itself (0.001 s, 1 MiB, none)\\x1b[8m")
raise type("\\x1b[8mok\\nok", (Exception,), {})
"""


@pytest.mark.sandbox
def test_a_terminal_is_done_no_harm_and_the_last_line_is_the_verdict(program: Path) -> None:
    program.write_text(UGLY)
    ours, theirs = os.openpty()
    with open(ours, "rb", buffering=0) as screen:  # noqa: PTH123 - a descriptor
        command = [*COMMAND, "run", program, "--output", "x"]
        done = subprocess.run(command, stdout=theirs, stderr=theirs, timeout=60, check=False)
        os.close(theirs)
        said = b""
        with contextlib.suppress(OSError):  # the other side is closed
            while part := screen.read(1 << 16):
                said += part
    lines = said.decode().replace("\r\n", "\n").splitlines()
    assert (done.returncode, b"\x1b" in said, b"\x07" in said) == (1, False, False)
    assert lines[0] == "\\x1b]0;title\\x07\\x1b[2J\\ra\\u202eb\tc"
    assert lines[1] == "x = \\x1b[8m\\u202e"
    assert lines[-1].startswith("error: raised __main__.\\x1b[8mok\\nok (")


@pytest.mark.sandbox
def test_a_file_gets_what_the_program_wrote(program: Path) -> None:
    program.write_text(UGLY)
    command = [*COMMAND, "run", program, "--output", "x"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.stdout.splitlines(keepends=True)[0].startswith(b"\x1b]0;title\x07\x1b[2J\r")
    assert done.stdout.endswith("x = \x1b[8m\u202e\n".encode())
    assert done.stderr.splitlines()[-1].startswith(b"error: raised __main__.\\x1b[8mok\\nok (")


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, None)]
)
def test_a_command_that_is_asked_to_end_leaves_nothing(
    program: Path, tmp_path: Path, number: signal.Signals, exit_code: int | None
) -> None:
    program.write_text("import time\nopen('begun', 'w').close()\ntime.sleep(60)\n")
    folder = tmp_path / "temporary"
    folder.mkdir()
    environment = os.environ | {"TMPDIR": str(folder)}
    with subprocess.Popen([*COMMAND, "run", program], env=environment) as command:
        wait_for(lambda: any(folder.rglob("begun")))
        started = [process.pid for process in census.below(command.pid)]
        command.send_signal(number)
        code = command.wait(30)
    assert len(started) > 1
    assert exit_code is None or code == exit_code
    assert list(folder.iterdir()) == []
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.sandbox
def test_the_doctor_that_is_asked_to_end_leaves_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([*COMMAND, "doctor"], env=environment) as command:
        wait_for(lambda: any(tmp_path.iterdir()))
        command.terminate()
        code = command.wait(30)
    assert (code, list(tmp_path.iterdir())) == (143, [])


@pytest.mark.sandbox
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_doctor_tells_the_tier_of_each_backend(flags: list[str]) -> None:
    result = invoke("doctor", *flags)
    assert result.exit_code == 0, result.output
    if flags:
        said = json.loads(result.stdout)
        assert [each["backend"] for each in said["backends"]] == ["embedded", "hardened", "oci"]
        assert "landlock-seccomp" in said["backends"][0]["tier"]
        assert said["machine"]["parts"]["seccomp"] is True
    else:
        assert "\nbackend   embedded: " in result.stdout


@pytest.mark.sandbox
def test_bench_measures_in_turn_with_a_cold_interpreter() -> None:
    result = invoke("bench", "--rounds", "1", "--workers", "1", "--json")
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert (said["workers"], said["rounds"]) == (1, 1)
    assert said["run_to_cold"] == said["run_seconds"] / said["cold_seconds"]
    assert said["runs_per_second"] > 0
