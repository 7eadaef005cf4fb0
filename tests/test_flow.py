"""The whole way, from two tables to a rehearsal bundle, as a user runs it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tracemill.pipeline import stages
from tracemill.settings import Settings
from tracemill_schema.bundle import Bundle
from tracemill_schema.dataset import Dataset
from tracemill_schema.jsonl import read_record

pytestmark = pytest.mark.flow

TINY = """
name = "tiny"
tables = ["scores.csv"]

[questions]
template_per_table = 4
procedural_per_table = 4

[tasks]
modular_chain = 400
chain_sum = 10
percent = 10
unit_cost = 10
string_reverse = 10
sort_numbers = 10
count_letter = 10

[train]
max_tokens = 12000
width = 32
layers = 1

[evaluate]
items = 16
"""

NAMES = [stage.name for stage in stages(Settings())]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a settings file and a table of one's own."""
    (tmp_path / "tiny.toml").write_text(TINY)
    rows = [
        f"{'ab'[i % 2]}{i % 3},{i * 7 % 101},{(i * 13 % 89) / 4},{i % 5 + 1}" for i in range(60)
    ]
    text = "\n".join(["team,points,height_cm,league", *rows, ""])
    (tmp_path / "scores.csv").write_text(text)
    return tmp_path


def _command(project: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracemill", *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _finish(process: subprocess.Popen[bytes]) -> list[dict[str, object]]:
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err.decode()
    return [orjson.loads(line) for line in out.splitlines()]


def _until_working(process: subprocess.Popen[bytes], stage: str) -> str:
    """Return once a stage reports progress, or has ended without reporting any."""
    assert process.stdout is not None
    current = "nothing"
    for line in process.stdout:
        event = orjson.loads(line)
        current = event.get("stage", current)
        if current == stage and event["event"] in {"progress", "finished"}:
            return stage
    return current


def test_the_whole_way_then_again_then_killed_in_every_stage(project: Path) -> None:
    run = ("run", "tiny.toml", "--json")
    events = _finish(_command(project, *run))
    workspace = project / "tracemill-tiny"
    summary = events[-1]
    assert [e["stage"] for e in events[:-1] if e["event"] == "finished"] == NAMES
    assert summary["traces"] == _verified_traces(workspace)
    assert _no_nulls(workspace / "models" / "traces" / "run_manifest.json")
    assert _no_nulls(workspace / "evaluations" / "traces" / "eval_summary.json")

    again = _finish(_command(project, *run))
    assert [e["stage"] for e in again[:-1] if e["event"] == "skipped"] == NAMES
    assert again[-1] == summary

    _kill_in_every_stage(project, (*run, "--workspace", "killed"))
    _same_dataset_and_bundle(workspace, project / "killed")


def _verified_traces(workspace: Path) -> int:
    files = [*workspace.glob("datasets/tiny-v1/traces/*.jsonl")]
    return sum(len(file.read_bytes().splitlines()) for file in files)


def _no_nulls(path: Path) -> bool:
    return b"null" not in path.read_bytes()


def _kill_in_every_stage(project: Path, run: tuple[str, ...]) -> None:
    for name in NAMES:
        process = _command(project, *run)
        assert _until_working(process, name) == name
        process.send_signal(signal.SIGKILL)
        process.communicate()
    _finish(_command(project, *run))


def _same_dataset_and_bundle(undisturbed: Path, killed: Path) -> None:
    manifest = "datasets/tiny-v1/manifest.json"
    first, second = (read_record(w / manifest, Dataset) for w in (undisturbed, killed))
    assert first.id == second.id
    assert first.files == second.files
    for workspace in (undisturbed, killed):
        bundle = read_record(workspace / "bundle" / "manifest.json", Bundle)
        assert bundle.status == "rehearsal"
        assert bundle.rehearsal_reasons


def test_a_file_that_is_no_table_is_refused_before_anything_is_made(project: Path) -> None:
    (project / "page.csv").write_text("<!DOCTYPE html><html><body>404</body></html>\n")
    process = _command(project, "run", "--table", "page.csv")
    _, err = process.communicate(timeout=120)
    assert process.returncode in {1, 2}, err
    assert b"page.csv" in err
    assert b"Traceback" not in err
    assert not list(project.glob("tracemill-page/questions/*"))
