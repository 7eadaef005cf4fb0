"""``tracemill dataset``: the whole life of a small dataset from the shell."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from tracemill_datagen.command.dataset import dataset
from tracemill_datagen.dataset.errors import FaultyLines
from tracemill_datagen.dataset.proof import quotes_in
from tracemill_datagen.errors import BadRequest
from tracemill_datagen.stage.tasks import TasksConfig, make
from tracemill_datagen.trace.build import build_trace
from tracemill_schema.episode import Episode
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import write_records
from tracemill_schema.question import Question
from tracemill_schema.table import Table


def call(*args: object) -> Result:
    return CliRunner(catch_exceptions=False).invoke(dataset, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("shell")
    counts = {"modular_chain": 20, "percent": 8}
    make(TasksConfig(counts=counts), workspace / "tasks", report=lambda *_: None)
    built = call("build", "demo-v1", "--workspace", workspace)
    assert built.exit_code == 0
    assert built.output.startswith(f"{workspace}/datasets/demo-v1: built and verified\ndemo-v1  ")
    return workspace / "datasets/demo-v1"


def test_every_command_has_an_example() -> None:
    for command in dataset.commands.values():
        assert command.help is not None
        example = f"Example:\n      tracemill dataset {command.name}"
        assert example in command.help


def test_building_again_says_that_it_stands(folder: Path) -> None:
    workspace = folder.parent.parent
    again = call("build", "demo-v1", "--workspace", workspace)
    assert "demo-v1: stands already, unchanged\n" in again.output
    manifest = orjson.loads(call("build", "demo-v1", "--workspace", workspace, "--json").output)
    assert manifest["counts"]["total"] == 28


def test_verify_says_sound_or_lists_faults_and_fails(folder: Path, tmp_path: Path) -> None:
    assert call("verify", folder).output == f"{folder}: sound, 28 traces replayed\n"
    assert orjson.loads(call("verify", folder, "--json").output) == {
        "traces": 28, "faults": [], "quotes": 0, "unproved_quotes": 0,
    }  # fmt: skip
    with pytest.raises(FaultyLines, match=r"1 fault; the dataset must not be used"):
        call("verify", tmp_path)


@pytest.mark.sandbox
def test_verify_says_how_many_quotes_it_did_not_prove(
    tmp_path: Path,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
) -> None:
    write_records(tmp_path / "episodes/template/flowers.jsonl", accepted.values())
    write_records(tmp_path / "questions/template/flowers.jsonl", questions.values())
    traces = [build_trace(each, questions[name], table) for name, each in accepted.items()]
    write_records(tmp_path / "traces/template/flowers.jsonl", traces)
    call("build", "demo-v1", "--workspace", tmp_path, "--episodes", "episodes")
    folder = tmp_path / "datasets/demo-v1"
    quotes = sum(map(quotes_in, traces))
    assert call("verify", folder).output == (
        f"{folder}: sound, 5 traces replayed, {quotes} quotes not re-proved "
        "(give --episodes to prove them)\n"
    )
    proved = call("verify", folder, "--episodes", tmp_path / "episodes")
    assert proved.output == (
        f"{folder}: sound, 5 traces replayed, {quotes} quotes proved by their episodes\n"
    )


def test_list_show_and_stats(folder: Path, tmp_path: Path) -> None:
    assert call("list", folder.parent).output.startswith("demo-v1 ")
    assert orjson.loads(call("list", folder.parent, "--json").output)[0]["traces"] == 28
    assert call("list", tmp_path).output.startswith(f"{tmp_path}: no datasets; make one with")
    assert "\nanswer " in call("show", folder).output
    assert orjson.loads(call("show", folder, "--json").output)["trace_version"] == "1"
    with pytest.raises(BadRequest, match="row 999 was asked for"):
        call("show", folder, "--row", 999)
    assert "  family   modular_chain 20, percent 8\n" in call("stats", folder).output
    assert orjson.loads(call("stats", folder, "--json").output)["key"] == "demo-v1"
    with pytest.raises(RecordError, match="manifest.json is not a valid dataset.v1"):
        call("stats", tmp_path)


def test_export_writes_what_it_says(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "chat.jsonl"
    told = call("export", folder, "--format", "chat", "--out", out, "--family", "percent",
                "--split", "train", "--split", "test", "--split", "validation")  # fmt: skip
    assert told.output == f"{out}: 8 rows, format chat\n"
    again = call("export", folder, "--format", "sft", "--out", out, "--json")
    assert orjson.loads(again.output)["rows"] == len(out.read_bytes().splitlines())


def test_ingest_says_what_it_did_and_fails_if_lines_were_refused(tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    line = b'{"prompt":"2+2?","trace_steps":["so four"],"final_answer":"4"}\n'
    old.write_bytes(line)
    options = ("--out", tmp_path / "out", "--licence", "CC0-1.0")
    with pytest.raises(BadRequest, match="say so with --from-v1"):
        call("ingest", old, *options)
    told = call("ingest", old, "--from-v1", *options)
    assert told.output == (
        f"{old}: converted from flat trace_steps (v1) to trace.v1: 1 traces, "
        "0 duplicates left out, 0 lines refused\n"
    )
    old.write_bytes(line + b"{}\n")
    with pytest.raises(FaultyLines, match=r"all are in .*ingested.rejects.jsonl") as caught:
        call("ingest", old, "--from-v1", *options, "--json")
    assert caught.value.exit_code == 1
