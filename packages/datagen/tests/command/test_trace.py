from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tracemill_datagen.command.trace import trace
from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.corruption import TRACE_CORRUPTIONS
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import write_records

pytestmark = pytest.mark.sandbox

if TYPE_CHECKING:
    from click.testing import Result

    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table
    from tracemill_schema.trace import Trace


@pytest.fixture
def share(accepted: dict[str, Episode], questions: dict[str, Question], table: Table) -> Trace:
    return build_trace(accepted["share"], questions["share"], table)


@pytest.fixture
def proofs(workspace: Path, accepted: dict[str, Episode]) -> tuple[str | Path, ...]:
    """Return the options that name the episodes and questions of the workspace."""
    write_records(workspace / "e.jsonl", accepted.values())
    asked = workspace / "questions/template/flowers.jsonl"
    return ("--episodes", workspace / "e.jsonl", "--questions", asked)


@pytest.fixture
def file(tmp_path: Path, share: Trace) -> Path:
    path = tmp_path / "t.jsonl"
    write_records(path, [share])
    return path


def invoke(*arguments: str | Path) -> Result:
    """Run the command group; a fault is left in the result's ``exception``."""
    return CliRunner().invoke(trace, [str(argument) for argument in arguments])


def corrupted(share: Trace, name: str) -> Trace:
    (corruption,) = [item for item in TRACE_CORRUPTIONS if item.name == name]
    changed = corruption.apply(share)
    assert changed is not None
    return changed


@pytest.mark.parametrize("options", [0, 2, 4])
def test_verify_believes_an_honest_trace(
    file: Path, proofs: tuple[str | Path, ...], options: int
) -> None:
    result = invoke("verify", file, *proofs[:options])
    assert (result.exit_code, result.stdout) == (0, "1 traces checked, 0 with defects\n")


def test_verify_reads_several_files(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "empty.jsonl"
    other.write_bytes(b"")
    assert invoke("verify", file, other).stdout == "1 traces checked, 0 with defects\n"


def test_a_forged_quote_needs_the_episode_to_be_seen(
    file: Path, proofs: tuple[str | Path, ...], share: Trace
) -> None:
    write_records(file, [corrupted(share, "number in text and claim")])
    assert invoke("verify", file).exit_code == 0
    result = invoke("verify", file, *proofs[:2])
    assert isinstance(result.exception, FaultsFound)
    assert "number at /steps/6/claim/result: wanted 50.0 as the hook has it" in result.stdout


def test_a_trace_of_no_episode_is_named(
    file: Path, proofs: tuple[str | Path, ...], accepted: dict[str, Episode]
) -> None:
    write_records(Path(proofs[1]), [accepted["mean_where"]])
    result = invoke("verify", file, *proofs)
    assert isinstance(result.exception, FaultsFound)
    assert "identity at /provenance/episode_id: wanted a record of the file" in result.stdout


def test_show_prints_one_trace(file: Path, share: Trace) -> None:
    assert invoke("show", file).stdout.startswith(f"trace {share.id[:16]}  family share")
    assert invoke("show", file, share.id, "--json").stdout == share.to_bytes().decode() + "\n"


@pytest.mark.parametrize("name", ["verify", "show"])
def test_every_command_has_an_example(name: str) -> None:
    assert f"Example:\n    tracemill trace {name} " in invoke(name, "--help").stdout
