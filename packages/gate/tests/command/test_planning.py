"""The commands of the group spec that read and move planning files, from a thought to done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracemill_gate.base import base_of
from tracemill_gate.command import planning
from tracemill_gate.command.option import today
from tracemill_gate.config import Config
from tracemill_gate.errors import GateRed, GateUsage, NotARepository, SpecFaults
from tracemill_gate.git import open_repository
from tracemill_schema.errors import TracemillError

Git = Callable[..., str]
REAL = Path(__file__).parents[4]
CURRENT = """# Where it stands

## Institutional Knowledge

- known

## Beliefs

- believed

## Brainstormed

### Longer runs

- status: open
- readiness: near-spec
- known: they end
- missing: nothing
- candidates:
  - Leases survive

## Specd
"""
APPROVE = "tracemill spec approve 1 --by WHO --signal WORDS --expires-on YYYY-MM-DD"
WORD = ("--by", "owner", "--signal", "issue 7", "--expires-on", "2999-01-31")
COMMANDS = (
    planning.new,
    planning.lint,
    planning.format_files,
    planning.promote,
    planning.approve,
    planning.status,
    planning.graph,
    planning.show,
    planning.merge_advice,
)


def call(command: click.Command, *words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(command, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


def done(command: click.Command, *words: str | Path) -> str:
    """Run a command that succeeds; return standard output."""
    output, fault = call(command, *words)
    assert fault is None
    return output


@pytest.fixture
def folder(repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which nothing is specified yet; commands run in it."""
    (repository / "current.md").write_text(CURRENT)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "current.md")
    monkeypatch.chdir(repository)
    return repository


def fill_in(draft: Path) -> None:
    """Complete a new draft."""
    text = draft.read_text().replace('= ""', '= "x"').replace("lines_max = 0", "lines_max = 9")
    text = text.replace(
        "files_to_touch = []", 'files_to_touch = [\n  {path = "c.py", kind = "add"},\n]'
    ).replace("fail_first_tests = []", 'fail_first_tests = [\n  "test_a.py::test_a",\n]')
    draft.write_text(text.replace("## Decision", "## Decision\n\nx") + "\ny\n")


def test_a_thought_becomes_a_spec_that_is_approved_begun_and_done(folder: Path) -> None:
    draft = Path("specs/draft/0001-leases-survive.md")
    output = done(planning.new, "Leases survive", "--from", "Longer runs")
    assert output == f"{draft}\nfill it in, then: tracemill spec promote {draft}\n"
    output, fault = call(planning.lint, draft)
    assert output.endswith("the section 'Rejected' is empty\nchecked: 1, failed: 1\n")
    assert str(fault) == "drafts: 7 faults found"
    assert isinstance(call(planning.promote, draft)[1], SpecFaults)
    fill_in(draft)
    assert done(planning.format_files) == "all files are in canonical form\n"
    assert done(planning.lint, draft) == "checked: 1, failed: 0\n"
    assert done(planning.promote, draft) == (
        f"specs/0001-leases-survive.md\nhave it approved: {APPROVE}\n"
    )
    _, fault = call(planning.status, 1, "in-progress")
    assert str(fault) == f"0001 is specd; wanted withdrawn, or first: {APPROVE}; got in-progress"
    output = done(planning.approve, 1, *WORD, "--on", "2026-01-01")
    assert output.startswith("0001 is approved until 2999-01-31: text ")
    assert done(planning.graph) == "now\n  0001 Leases survive (approved)\n"
    assert done(planning.status, 1, "in-progress") == "0001: approved -> in-progress\n"
    assert done(planning.lint) == "checked: 2, failed: 0\n"
    assert done(planning.status, 1, "done") == "0001: in-progress -> done\n"
    assert "### Longer runs" not in Path("current.md").read_text()


def promoted(folder: Path, git: Git) -> None:
    """Make a thought a spec, and commit it."""
    draft = Path(done(planning.new, "Leases survive", "--from", "Longer runs").splitlines()[0])
    fill_in(draft)
    done(planning.promote, draft)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a spec")


def test_work_on_main_stays_on_trial_when_its_spec_is_approved_again(
    folder: Path, git: Git
) -> None:
    promoted(folder, git)
    start = git(folder, "rev-parse", "HEAD")
    done(planning.approve, 1, *WORD)
    done(planning.status, 1, "in-progress")
    (folder / "c.py").write_text("c = 1\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "the work")
    done(planning.approve, 1, *WORD, "--signal", "once more")
    git(folder, "commit", "-q", "-a", "-m", "approved again")
    assert base_of(open_repository(folder), Config(required=("unit",)), None) == start
    done(planning.status, 1, "done")
    _, fault = call(planning.approve, 1, *WORD, "--base", "HEAD")
    assert str(fault) == "0001 is done; wanted a spec that is to be done"


OF_ANOTHER_DAY = [
    (("--on", "2020-01-01", "--expires-on", "2020-01-31"), "--expires-on: wanted today, "),
    (("--on", "2090-01-01", "--expires-on", "2090-01-31"), "--on: wanted today, "),
]


@pytest.mark.parametrize(("days", "message"), OF_ANOTHER_DAY)
def test_an_approval_is_judged_by_today(
    folder: Path, git: Git, days: tuple[str, ...], message: str
) -> None:
    promoted(folder, git)
    _, fault = call(planning.approve, 1, "--by", "owner", "--signal", "yes", *days)
    assert str(fault).startswith(f"{message}{today()}, or ")
    assert git(folder, "status", "--porcelain") == ""


def test_commands_work_on_the_whole_repository_from_any_folder_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "folder")
    output = done(planning.new, "Leases survive", "--from", "Longer runs")
    draft = Path("../specs/draft/0001-leases-survive.md")
    assert output.splitlines()[0] == str(draft)
    fill_in(draft)
    done(planning.promote, draft)
    assert done(planning.lint) == "checked: 2, failed: 0\n"
    assert list((folder / "folder").iterdir()) == [folder / "folder/b.py"]


def test_without_git_the_folder_itself_is_the_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("current.md").write_text(CURRENT)
    assert done(planning.new, "Leases survive").startswith("specs/draft/0001-leases-survive.md\n")


def test_a_spec_is_shown_by_number_and_by_file() -> None:
    file = next((REAL / "specs").glob("0001-*.md"))
    output = done(planning.show, "1", "--folder", REAL)
    first, *rest = output.splitlines()
    assert first.startswith("0001: One way through the house (change, done, approved by ")
    assert "lines       800 to 2500" in rest
    assert "\n## Decision\n" in output
    assert done(planning.show, file).splitlines()[1:] == rest
    assert json.loads(done(planning.show, file, "--json"))["number"] == 1
    _, fault = call(planning.show, "specs/none.md")
    assert str(fault) == "none.md: wanted a readable file, got: No such file or directory"


def test_order_and_advice_as_json() -> None:
    graph = json.loads(done(planning.graph, "--folder", REAL, "--json"))
    assert graph.keys() == {"steps", "circle"}
    advice = json.loads(done(planning.merge_advice, "1", "2", "--folder", REAL, "--json"))
    assert advice["opinions"][0]["rule"] == "same_files"
    assert advice["merge"] is False
    output = done(planning.merge_advice, "1", "2", "--folder", REAL)
    assert output.splitlines()[-1] == "advice: keep them apart"
    assert len(output.splitlines()) == 6


def test_what_is_malformed_has_no_order(folder: Path) -> None:
    Path("current.md").write_text(CURRENT + "lost\n")
    _, fault = call(planning.graph)
    assert isinstance(fault, SpecFaults)


def test_the_linter_tells_each_fault_and_the_count(folder: Path) -> None:
    output, fault = call(planning.lint, "--json")
    assert json.loads(output) == {
        "checked": 1,
        "faults": [{"message": "wanted at least one spec, got none", "where": "specs"}],
        "green": False,
    }
    assert isinstance(fault, GateRed)


def test_experiment_cards_are_linted_with_the_specs(folder: Path) -> None:
    Path("specs/experiment").mkdir(parents=True)
    Path("specs/experiment/broken.toml").write_text("=")
    output, _ = call(planning.lint)
    assert "specs/experiment/broken.toml:1: " in output


def test_where_nothing_can_be_judged_the_exit_code_is_3(folder: Path) -> None:
    draft = Path(done(planning.new, "Leases survive").splitlines()[0])
    fill_in(draft)
    done(planning.promote, draft)
    (folder / ".git").rename(folder / "away")
    _, fault = call(planning.approve, 1, *WORD)
    assert isinstance(fault, NotARepository)
    assert fault.exit_code == 3


WRONG: list[tuple[click.Command, tuple[str, ...], type[TracemillError], int]] = [
    (planning.new, ("...",), GateUsage, 2),
    (planning.new, ("A", "--from", "Nothing"), GateUsage, 2),
    (planning.promote, ("current.md",), GateUsage, 2),
    (planning.lint, ("current.md",), GateUsage, 2),
    (planning.status, ("7", "done"), GateUsage, 2),
    (planning.show, ("7",), GateUsage, 2),
    (planning.show, ("\u00b2",), SpecFaults, 1),
    (planning.show, ("9" * 5000,), SpecFaults, 1),
    (planning.merge_advice, ("Longer runs", "Shorter runs"), GateUsage, 2),
    (planning.merge_advice, ("Longer runs", "Longer runs"), GateUsage, 2),
    (planning.merge_advice, ("\u00b2", "Longer runs"), GateUsage, 2),
    (planning.merge_advice, ("9" * 5000, "Longer runs"), GateUsage, 2),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[0].name} {' '.join(case[1])[:20]}")
def test_a_mistake_of_the_caller_is_told_as_one(
    folder: Path, case: tuple[click.Command, tuple[str, ...], type[TracemillError], int]
) -> None:
    command, words, kind, code = case
    _, fault = call(command, *words)
    assert isinstance(fault, kind)
    assert fault.exit_code == code


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_every_command_has_one_example(command: click.Command) -> None:
    text = done(command, "--help")
    assert text.count("Example:") == 1
    assert f"tracemill spec {command.name}" in text
