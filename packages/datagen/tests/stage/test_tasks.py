"""Stage tasks: made once, kept while whole, remade when anything differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.stage.tasks import run
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace

CONFIG = {"out": "tasks", "seed": 0, "counts": {"modular_chain": 8, "percent": 5, "unit_cost": 0}}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tasks").iterdir())}


def test_questions_and_traces_lie_side_by_side(tmp_path: Path) -> None:
    assert run(CONFIG, tmp_path) == {"families": {"modular_chain": 8, "percent": 5}, "items": 13}
    tasks = tmp_path / "tasks"
    questions = list(read_records(tasks / "modular_chain.questions.jsonl", Question))
    traces = list(read_records(tasks / "modular_chain.traces.jsonl", Trace))
    assert [t.provenance.question_id for t in traces] == [q.id for q in questions]
    assert not (tasks / "unit_cost.traces.jsonl").exists()


def test_what_is_whole_is_kept_and_what_is_torn_is_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(CONFIG, tmp_path)
    before = contents(tmp_path)
    (tmp_path / "tasks/percent.traces.jsonl").write_bytes(b"torn")
    capsys.readouterr()
    run(CONFIG, tmp_path)
    told = capsys.readouterr().out
    assert '"label":"tasks modular_chain (kept)"' in told
    assert '"label":"tasks percent"' in told
    assert contents(tmp_path) == before


def test_other_code_makes_the_files_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(CONFIG, tmp_path)
    before = contents(tmp_path)
    monkeypatch.setattr("tracemill_datagen.stage.tasks.deciding_trees", lambda: "0" * 64)
    capsys.readouterr()
    run(CONFIG, tmp_path)
    assert "(kept)" not in capsys.readouterr().out
    after = contents(tmp_path)
    assert [name for name in before if before[name] != after[name]] == [
        "modular_chain.made.json",
        "percent.made.json",
    ]


def test_another_seed_makes_other_items_and_old_families_go(tmp_path: Path) -> None:
    run(CONFIG, tmp_path)
    before = contents(tmp_path)
    (tmp_path / "tasks/own.traces.jsonl").write_text("the user's own")
    run(CONFIG | {"seed": 1, "counts": {"percent": 5}}, tmp_path)
    after = contents(tmp_path)
    assert sorted(after) == [
        "own.traces.jsonl",
        "percent.made.json",
        "percent.questions.jsonl",
        "percent.traces.jsonl",
    ]
    assert after["percent.traces.jsonl"] != before["percent.traces.jsonl"]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"percent": 5, "percnt": 1}, "no reasoning family is called 'percnt'"),
        ({"percent": 5, "unit_cost": 10**9}, "unit_cost has 195228 distinct questions"),
        ({"percent": -5}, "percent: wanted a count of at least 0, got -5"),
    ],
)
def test_a_wrong_count_is_refused_before_anything_is_written(
    tmp_path: Path, counts: dict[str, int], message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        run({"counts": dict(counts)}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_key_of_the_config_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"config of run kind tasks .*\n  /sead: wanted no such"):
        run({"counts": {}, "sead": 1}, tmp_path)
