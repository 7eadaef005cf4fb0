"""``tracemill task``: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from tracemill_datagen.command.task import task
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family.catalogue import FAMILIES


@pytest.fixture
def cli() -> CliRunner:
    return CliRunner(catch_exceptions=False)


def test_every_command_has_an_example() -> None:
    for command in task.commands.values():
        assert command.help is not None
        example = f"Example:\n      tracemill task {command.name}"
        assert example in command.help


def test_list_names_every_family_and_its_space(cli: CliRunner) -> None:
    told = cli.invoke(task, ["list"]).output
    assert [line.split()[0] for line in told.splitlines()] == [f.name for f in FAMILIES]
    rows = orjson.loads(cli.invoke(task, ["list", "--json"]).output)
    assert rows[0]["space"] == "3486784401"


def test_show_prints_prompt_steps_and_answer(cli: CliRunner) -> None:
    told = cli.invoke(task, ["show", "modular_chain"]).output.splitlines()
    assert told[0].endswith(" mod 10, left to right")
    assert told[-1].startswith("answer ")
    assert len(told) == 8
    values = orjson.loads(cli.invoke(task, ["show", "percent", "--json"]).output)
    assert values["trace"]["provenance"]["question_id"] == values["question"]["id"]


def test_generate_then_check_a_right_and_a_wrong_text(cli: CliRunner, tmp_path: Path) -> None:
    out = tmp_path / "t"
    done = cli.invoke(task, ["generate", "percent", "--count", "3", "--out", str(out)])
    assert done.output.startswith("percent: 3 items in ")
    trace = orjson.loads((out / "percent.traces.jsonl").read_bytes().splitlines()[0])
    steps = "\n".join(step["content"] for step in trace["steps"])
    text = f"<reasoning>{steps}</reasoning><answer>{trace['final_answer']}</answer>"
    options = ["check", "--questions", str(out / "percent.questions.jsonl")]
    right = cli.invoke(task, options, input=text)
    assert (right.exit_code, right.output) == (0, "valid: 2 steps, and they end in the answer\n")
    wrong = cli.invoke(task, [*options, "--json"], input="<reasoning>hm</reasoning>")
    assert wrong.exit_code == 1
    assert orjson.loads(wrong.output)["fault"] == {
        "step": 0,
        "reason": "is not a step of percent: 'hm'",
    }


def test_generate_leaves_other_families_alone(cli: CliRunner, tmp_path: Path) -> None:
    for family in ("percent", "unit_cost"):
        cli.invoke(task, ["generate", family, "--count", "2", "--out", str(tmp_path)])
    assert (tmp_path / "percent.traces.jsonl").exists()


def test_a_text_that_is_not_utf8_and_an_unknown_question_are_named(
    cli: CliRunner, tmp_path: Path
) -> None:
    cli.invoke(task, ["generate", "percent", "--count", "2", "--out", str(tmp_path)])
    options = ["check", "--questions", str(tmp_path / "percent.questions.jsonl")]
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    with pytest.raises(BadRequest, match="wanted UTF-8 text, got"):
        cli.invoke(task, [*options, str(tmp_path / "bad.txt")])
    with pytest.raises(BadRequest, match="id starts with 'zz'"):
        cli.invoke(task, [*options, "--question", "zz"], input="")
