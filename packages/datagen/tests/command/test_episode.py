from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from click.testing import CliRunner

import tracemill_sandbox.sync
from tracemill_datagen.command.episode import episode
from tracemill_datagen.episode.corruption import resealed, with_hooks
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.stage import episodes as stage
from tracemill_schema.canonical import content_id
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import write_records

pytestmark = pytest.mark.sandbox

if TYPE_CHECKING:
    from click.testing import Result

    from tracemill_sandbox.sync import SyncSandboxPool
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question


@pytest.fixture(autouse=True)
def shared_pool(pool: SyncSandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands use the pool that is already started: starting one takes seconds."""
    for module in (stage, tracemill_sandbox.sync):
        monkeypatch.setattr(module, "SyncSandboxPool", lambda **_: nullcontext(pool))


@pytest.fixture
def file(workspace: Path, episodes: dict[str, Episode]) -> Path:
    """Return a file of honest episodes."""
    path = workspace / "e.jsonl"
    write_records(path, episodes.values())
    return path


def invoke(*arguments: str | Path) -> Result:
    """Run the command group; a fault is left in the result's ``exception``."""
    return CliRunner().invoke(episode, [str(argument) for argument in arguments])


def verify(file: Path, *more: str | Path) -> Result:
    asked = file.parent / "questions/template/flowers.jsonl"
    return invoke("verify", file, "--questions", asked, *more)


def test_run_solves_the_questions_of_a_file(workspace: Path) -> None:
    asked, table = workspace / "questions/template/flowers.jsonl", workspace / "tables/flowers.csv"
    arguments = ("run", asked, "--table", table, "--out", workspace / "new.jsonl")
    assert invoke(*arguments).stdout == (
        "5 verified, rejected: 1 code_error, 1 no_answer, 1 ungrounded_hook, 1 wrong_answer "
        "(9 made now)\n"
    )
    assert invoke(*arguments, "--json").stdout == (
        '{"verified":5,"rejected":{"code_error":1,"no_answer":1,"ungrounded_hook":1,'
        '"wrong_answer":1},"made":0}\n'
    )


def test_verify_believes_honest_episodes(file: Path) -> None:
    result = verify(file, "--table", file.parent / "tables/flowers.csv")
    assert (result.exit_code, result.stdout) == (0, "9 episodes checked, 0 with defects\n")


def test_verify_names_what_is_wrong(file: Path, episodes: dict[str, Episode]) -> None:
    forged = resealed(episodes["share"], submission=51.0)
    write_records(file, [forged])
    result = verify(file)
    assert isinstance(result.exception, FaultsFound)
    assert f"episode {forged.id[:16]}: number at /submission: wanted 50.0 as" in result.stdout


def test_verify_with_the_table_executes_again(file: Path, episodes: dict[str, Episode]) -> None:
    true = episodes["highest_group"]
    means = {"blue": 41.0, "green": 7.0, "red": 15.375}
    hooks = list(true.turns[0].hooks)
    hooks[1] = hooks[1].replace(value=means, value_hash=content_id(means))
    write_records(file, [with_hooks(true, hooks)])
    assert verify(file).exit_code == 0
    result = verify(file, "--table", file.parent / "tables/flowers.csv", "--json")
    assert isinstance(result.exception, FaultsFound)
    (defects,) = orjson.loads(result.stdout)["defects"].values()
    assert [defect["where"] for defect in defects] == ["/turns/0/hooks/1/value"]


def test_verify_with_other_questions_says_so(file: Path, questions: dict[str, Question]) -> None:
    write_records(file.parent / "questions/template/flowers.jsonl", [questions["share"]])
    result = verify(file)
    assert isinstance(result.exception, BadRequest)
    assert "got 1 other questions; name the file that" in str(result.exception)


def test_show_prints_one_episode(file: Path, episodes: dict[str, Episode]) -> None:
    assert invoke("show", file).stdout.startswith("episode ")
    chosen = episodes["share"]
    result = invoke("show", file, chosen.id[:8], "--json")
    assert result.stdout == chosen.to_bytes().decode() + "\n"


@pytest.mark.parametrize("name", ["run", "verify", "show"])
def test_every_command_has_an_example(name: str) -> None:
    assert f"Example:\n    tracemill episode {name} " in invoke(name, "--help").stdout
