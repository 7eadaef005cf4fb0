from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tracemill.command import choose_settings, run, status
from tracemill.settings import Settings


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("penguins.csv", "penguins"),
        ("My Table (2).csv", "my-table-2"),
        ("2024.csv", "table-2024"),
        ("demo.csv", "table-demo"),
    ],
)
def test_a_table_of_ones_own_names_the_workspace(project: Path, file: str, name: str) -> None:
    (project / file).write_text("a\n1\n")
    settings = choose_settings(None, (Path(file),))
    assert settings == Settings(name=name, tables=(str(project / file),))


def test_the_settings_file_of_the_folder_is_read_unless_a_table_is_named(project: Path) -> None:
    (project / "tracemill.toml").write_text('name = "own"\n')
    (project / "t.csv").write_text("a\n1\n")
    assert choose_settings(None, ()).name == "own"
    assert choose_settings(None, (Path("t.csv"),)).name == "t"
    assert choose_settings(Path("tracemill.toml"), (Path("t.csv"),)).name == "own"


def test_status_names_every_stage_that_has_to_run(project: Path) -> None:
    (project / "tracemill-demo").mkdir()
    result = CliRunner().invoke(status, [])
    assert result.exit_code == 0
    assert "[ 1/19] tables" in result.output
    assert result.output.count("to run  not finished before") == 19


@pytest.mark.parametrize(
    ("arguments", "command"),
    [(["s.toml"], "flow"), (["--fresh"], "flow"), (["flow"], "flow"), (["list"], "list")],
)
def test_what_names_no_command_is_meant_for_the_flow(arguments: list[str], command: str) -> None:
    result = CliRunner().invoke(run, [*arguments, "--help"])
    assert result.output.startswith(f"Usage: run {command} ")


def test_help_of_the_group_lists_the_commands() -> None:
    output = CliRunner().invoke(run, ["--help"]).output
    assert all(f"\n  {name} " in output for name in ("flow", "list", "logs", "cancel"))
