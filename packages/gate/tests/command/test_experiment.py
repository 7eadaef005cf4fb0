"""The commands of the group experiment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracemill_gate.command.experiment import experiment
from tracemill_gate.errors import CardFaults, CriterionNotMet, GateRed, NoVerdict, SpecFaults
from tracemill_schema.evaluation import wilson

CURRENT = (
    "# Current\n\n## Institutional Knowledge\n\n- Known.\n\n## Beliefs\n\n- One.\n\n"
    "## Brainstormed\n\n## Specd\n"
)
Store = Callable[..., Path]


def call(*words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(experiment, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


@pytest.fixture
def root(tmp_path: Path, card_text: str, stored: Store) -> Path:
    """A repository with one card, and evaluations beside it."""
    (tmp_path / "specs/experiment").mkdir(parents=True)
    (tmp_path / "specs/experiment/show-work.toml").write_text(card_text)
    (tmp_path / "current.md").write_text(CURRENT)
    stored("traces")
    stored("answers", model="answers", pass_at_1=wilson(30, 300).to_values())
    return tmp_path


def check(
    root: Path, evaluation: str, baseline: str, *more: str
) -> tuple[str, BaseException | None]:
    return call(
        *("check", root / "specs/experiment/show-work.toml", *more),
        *("--evaluation", root / f"{evaluation}.json"),
        *("--baseline", root / f"{baseline}.json"),
    )


def test_a_success_is_told_with_its_values(root: Path) -> None:
    output, fault = check(root, "traces", "answers")
    assert fault is None
    assert output.splitlines() == [
        "show-work: pass_at_1.low > baseline.pass_at_1.high",
        f"seed 1: {root}/traces.json against {root}/answers.json",
        "  /pass_at_1 0.91 [0.8722, 0.9374] of 300, baseline 0.1 [0.07095, 0.1392] of 300",
        "  pass_at_1.low 0.8722 > baseline.pass_at_1.high 0.1392: holds",
        "  the criterion holds",
        "show-work: the success criterion holds for 1 of 1 seeds",
    ]
    told = json.loads(check(root, "traces", "answers", "--json")[0])
    assert told["holds"] is True
    assert told["seeds"][0]["decision"]["comparisons"][0]["holds"] is True


def test_a_criterion_that_is_not_met_ends_with_1(root: Path) -> None:
    card = root / "specs/experiment/show-work.toml"
    card.write_text(card.read_text().replace(" > ", " < "))
    output, fault = check(root, "traces", "answers")
    assert "  pass_at_1.low 0.8722 < baseline.pass_at_1.high 0.1392: does not hold\n" in output
    assert output.endswith("  the criterion does not hold\n")
    assert isinstance(fault, CriterionNotMet)
    assert fault.exit_code == 1
    assert str(fault) == "show-work: the success criterion holds for 0 of 1 seeds"
    assert json.loads(check(root, "traces", "answers", "--json")[0])["holds"] is False


def test_what_cannot_be_decided_ends_with_3(root: Path) -> None:
    _, fault = check(root, "answers", "traces")
    assert isinstance(fault, NoVerdict)
    assert fault.exit_code == 3


CARD_FILE = "specs/experiment/show-work.toml"
MISSING = "wanted a readable file, got"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (CARD_FILE, None, MISSING),
        (CARD_FILE, "name = ", "not TOML"),
        (CARD_FILE, "seeds = 1", "/hypothesis: wanted a value, got nothing"),
        ("traces.json", None, MISSING),
        ("answers.json", "{}", "/model: wanted a value, got nothing"),
    ],
)
def test_what_cannot_be_read_is_not_called_a_failure(
    root: Path, file: str, text: str | None, message: str
) -> None:
    (root / file).unlink()
    if text is not None:
        (root / file).write_text(text)
    _, fault = check(root, "traces", "answers")
    assert isinstance(fault, NoVerdict)
    assert fault.exit_code == 3
    assert message in str(fault)


def test_cards_are_listed(root: Path) -> None:
    output, _ = call("list", "--folder", root)
    assert output == "show-work  planned    1 seed   pass_at_1.low > baseline.pass_at_1.high\n"
    assert json.loads(call("list", "--folder", root, "--json")[0])[0]["seeds"] == 1
    (root / "specs/experiment/show-work.toml").unlink()
    _, fault = call("list", "--folder", root)
    assert isinstance(fault, CardFaults)
    assert str(fault) == "specs/experiment: wanted at least one card NAME.toml, got none"


def test_the_matrix_is_printed_then_written_and_then_lint_is_green(root: Path) -> None:
    printed, _ = call("matrix", "--folder", root)
    assert (root / "current.md").read_text() == CURRENT
    output, fault = call("lint", "--folder", root)
    assert isinstance(fault, GateRed)
    assert output.endswith("checked: 2, failed: 1\n")
    assert call("matrix", "--folder", root, "--write") == (f"{root}/current.md: written\n", None)
    assert f"\n### Experiments\n\n{printed}\n## Brainstormed" in (root / "current.md").read_text()
    assert call("lint", "--folder", root) == ("checked: 2, failed: 0\n", None)


def test_a_matrix_needs_the_file_that_it_stands_in(root: Path) -> None:
    (root / "current.md").unlink()
    _, fault = call("matrix", "--folder", root, "--write")
    assert isinstance(fault, SpecFaults)
    assert str(fault) == "current.md: wanted a readable file, got: No such file or directory"


def test_every_command_has_an_example() -> None:
    assert isinstance(experiment, click.Group)
    assert list(experiment.commands) == ["check", "lint", "list", "matrix"]
    for command in (experiment, *experiment.commands.values()):
        assert "Example:" in str(command.help)
