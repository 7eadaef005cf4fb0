from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

from tracemill.cli import COMMANDS, main, tracemill


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracemill", *arguments], capture_output=True, text=True, check=False
    )


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tracemill.cli import tracemill;"
        "tracemill(['--help'], standalone_mode=False);"
        "heavy = {'jax', 'pandas', 'numpy', 'sqlalchemy', 'psycopg', 'pydantic', 'rich'};"
        "sys.exit(f'loaded: {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for name, _, text in COMMANDS:
        assert name in done.stdout
        assert text.split()[0] in done.stdout


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_is_there_and_shows_an_example(name: str) -> None:
    command = tracemill.get_command(click.Context(tracemill), name)
    assert command is not None
    _shows_examples(command, f"tracemill {name}")


def _shows_examples(command: click.Command, path: str) -> None:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            _shows_examples(inner, f"{path} {name}")
        return
    text = command.get_help(click.Context(command, info_name=path))
    assert re.search(r"Example:\s+(\w+=\S+ )?tracemill", text), f"{path} --help shows no example"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["record", "check", "none", "--contract", "trace.v9"], 2, "no contract is called"),
        (["run", "--until", "nowhere"], 2, "Invalid value for '--until'"),
        (["run", "--table", "none.csv"], 2, "error: none.csv: wanted a CSV file, got no such file"),
        (["run", "none.toml"], 2, "error: none.toml: wanted a settings file"),
        (["status", "--workspace", "none"], 2, "error: none: wanted a workspace"),
    ],
)
def test_a_users_mistake_is_a_message_and_a_code(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == code
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tracemill, "main", interrupted)
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 130


def test_a_disk_that_refuses_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device", "tracemill-demo/.lock")

    monkeypatch.setattr(tracemill, "main", full)
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 3
    message = "error: tracemill-demo/.lock: No space left on device; what is finished stands\n"
    assert capsys.readouterr().err == message


def test_the_module_runs_as_a_program() -> None:
    done = _run("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "tracemill,")
