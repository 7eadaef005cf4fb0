from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import orjson
import pytest
from click.testing import CliRunner

from tracemill_schema.canonical import JsonObject
from tracemill_trainer import cli, stage

COMMANDS = [cli.train, *cli.train.commands.values(), cli.evaluate]


def test_importing_the_commands_imports_no_jax() -> None:
    code = "import sys, tracemill_trainer.cli as c; sys.exit('jax' in sys.modules or not c.train)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_every_command_has_a_help_text_with_an_example(command: click.Command) -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert "tracemill" in result.output


def test_sft_hands_the_options_that_were_given_to_the_stage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[tuple[JsonObject, Path]] = []

    def train(config: JsonObject, folder: Path) -> JsonObject:
        seen.append((config, folder))
        return {"steps": 3, "rate": {"rate": 0.5, "low": 0.25, "high": 0.75, "n": 4, "hits": 2}}

    monkeypatch.setattr(stage, "train", train)
    words = ["sft", "--dataset", "d", "--out", "models/m", "--max-steps", "3", "--width", "32"]
    words += ["--family", "modular_chain", "--learning-rate", "0.01", "--workspace", str(tmp_path)]
    shown = CliRunner().invoke(cli.train, words)
    assert shown.output == "steps: 3\nrate: 0.500 [0.250, 0.750] of 4\n"
    as_json = CliRunner().invoke(cli.train, [*words, "--json"])
    assert orjson.loads(as_json.output)["steps"] == 3
    assert seen[0] == seen[1]
    config, folder = seen[0]
    assert folder == tmp_path
    assert config == {
        "dataset": "d",
        "out": "models/m",
        "form": "trace",
        "families": ["modular_chain"],
        "seed": 0,
        "max_steps": 3,
        "device": "auto",
        "model": {"width": 32},
        "optimizer": {"learning_rate": 0.01},
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("complete", ["--model", "models/m", "--out", "evaluations/m"]),
        ("evaluate", ["--model", "models/m", "--out", "evaluations/m", "--completions", "c"]),
    ],
)
def test_the_other_commands_hand_theirs_on(
    monkeypatch: pytest.MonkeyPatch, name: str, words: list[str]
) -> None:
    seen: list[JsonObject] = []

    def run(config: JsonObject, folder: Path) -> JsonObject:
        seen.append(config)
        return {"n": 1}

    monkeypatch.setattr(stage, name, run)
    command = cli.evaluate if name == "evaluate" else cli.complete
    assert CliRunner().invoke(command, [*words, "--dataset", "d"]).output == "n: 1\n"
    assert seen[0]["model"] == "models/m"
    assert seen[0]["split"] == "test"
