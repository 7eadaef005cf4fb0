from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.errors import DatagenError, StaleInput
from tracemill_datagen.solver.reference import reference_solver
from tracemill_datagen.stage import episodes as stage
from tracemill_datagen.stage import questions as questions_stage
from tracemill_datagen.stage import tables, traces
from tracemill_datagen.stage.question_file import QuestionFile, read_question_file
from tracemill_schema.episode import Episode
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_records, write_records
from tracemill_schema.trace import Trace

pytestmark = pytest.mark.sandbox

if TYPE_CHECKING:
    from tracemill_sandbox.sync import SyncSandboxPool
    from tracemill_schema.canonical import JsonObject
    from tracemill_schema.question import Question

CONFIG: JsonObject = {"tables": "tables", "questions": "questions", "out": "episodes", "seed": 0}
TRACES: JsonObject = {
    "tables": "tables",
    "questions": "questions",
    "episodes": "episodes",
    "out": "traces",
}
RESULT = {
    "verified": 5,
    "rejected": {"code_error": 1, "no_answer": 1, "ungrounded_hook": 1, "wrong_answer": 1},
    "files": 1,
}


@pytest.fixture(autouse=True)
def shared_pool(pool: SyncSandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stage use the pool that is already started: starting one takes seconds."""
    monkeypatch.setattr(stage, "SyncSandboxPool", lambda **_: nullcontext(pool))


@pytest.fixture
def no_sandbox(shared_pool: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if the stage starts a sandbox."""
    monkeypatch.setattr(stage, "SyncSandboxPool", lambda **_: pytest.fail("started a sandbox"))


@pytest.fixture
def out(workspace: Path) -> Path:
    """Return where the stage writes the episodes of the workspace."""
    return workspace / "episodes/template/flowers.jsonl"


@pytest.fixture
def made(workspace: Path, episodes: dict[str, Episode], out: Path) -> Path:
    """Return a workspace whose episodes are made."""
    write_records(out, episodes.values())
    return workspace


def test_every_question_gets_an_episode_in_order(
    workspace: Path, out: Path, episodes: dict[str, Episode], capsys: pytest.CaptureFixture[str]
) -> None:
    assert stage.run(CONFIG, workspace) == {**RESULT, "made": 9, "reused": 0}
    assert [e.id for e in read_records(out, Episode)] == [e.id for e in episodes.values()]
    assert '"done":9,"label":"episodes","note":"","total":9' in capsys.readouterr().out


@pytest.mark.usefixtures("no_sandbox")
def test_a_second_call_makes_nothing_and_changes_nothing(made: Path, out: Path) -> None:
    before = out.read_bytes()
    assert stage.run(CONFIG, made) == {**RESULT, "made": 0, "reused": 9}
    assert out.read_bytes() == before


@pytest.mark.parametrize("share", [0.1, 0.6, 0.9999])
def test_a_killed_stage_resumes_to_the_same_traces(made: Path, out: Path, share: float) -> None:
    traces.run(TRACES, made)
    wanted = (made / "traces/template/flowers.jsonl").read_bytes()
    whole = out.read_bytes()
    out.write_bytes(whole[: int(share * len(whole))])
    result = stage.run(CONFIG, made)
    assert result["made"] == 9 - whole[: int(share * len(whole))].count(b"\n")
    traces.run(TRACES, made)
    assert (made / "traces/template/flowers.jsonl").read_bytes() == wanted


def forget_middle(found: list[Episode]) -> list[Episode]:
    return [*found[:3], *found[4:]]


def exchange(found: list[Episode]) -> list[Episode]:
    return [found[1], found[0], *found[2:]]


def repeat_last(found: list[Episode]) -> list[Episode]:
    return [*found, found[-1]]


@pytest.mark.parametrize(
    ("damage", "made_again"), [(forget_middle, 1), (exchange, 0), (repeat_last, 0)]
)
def test_episodes_that_stand_are_used_again_wherever_they_stand(
    made: Path,
    out: Path,
    damage: Callable[[list[Episode]], list[Episode]],
    made_again: int,
) -> None:
    found = list(read_records(out, Episode))
    write_records(out, damage(found))
    assert stage.run(CONFIG, made)["made"] == made_again
    assert [item.id for item in read_records(out, Episode)] == [item.id for item in found]


def test_an_episode_with_a_defect_is_made_again(made: Path, out: Path) -> None:
    found = list(read_records(out, Episode))
    fields = {name: getattr(found[0], name) for name in Episode.model_fields if name != "id"}
    forged = Episode.make(**(fields | {"submission": 99.0}))
    write_records(out, [forged, *found[1:]])
    assert stage.run(CONFIG, made)["made"] == 1
    assert [item.id for item in read_records(out, Episode)] == [item.id for item in found]


def test_another_seed_is_another_solver(made: Path) -> None:
    assert stage.run({**CONFIG, "seed": 1}, made)["made"] == 9


def test_a_failing_sandbox_stops_the_stage_and_loses_nothing(
    workspace: Path,
    out: Path,
    episodes: dict[str, Episode],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = list(episodes.values())[:2]
    broken = second.replace(failure="infrastructure")
    monkeypatch.setattr(stage, "solve", lambda *_, **__: iter([first, broken]))
    with pytest.raises(DatagenError, match="the sandbox itself failed") as caught:
        stage.run(CONFIG, workspace)
    assert "run the same command again: it goes on here" in str(caught.value)
    assert [item.id for item in read_records(out, Episode)] == [first.id]


def test_a_changed_table_is_refused(workspace: Path) -> None:
    (workspace / "tables/flowers.csv").write_bytes(b"kind,mass,height\nred,1,1\n")
    with pytest.raises(StaleInput):
        stage.run(CONFIG, workspace)


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ({**CONFIG, "sed": 1}, "/sed: wanted no such key"),
        ({"tables": "tables"}, "/questions: wanted a value, got nothing"),
    ],
)
def test_a_wrong_config_is_refused(workspace: Path, config: JsonObject, fault: str) -> None:
    with pytest.raises(RecordError, match="config of the stage episodes") as caught:
        stage.run(config, workspace)
    assert fault in str(caught.value)


def test_the_plan_says_what_is_missing(
    made: Path, out: Path, questions: dict[str, Question]
) -> None:
    found = list(read_records(out, Episode))
    write_records(out, [*found[:2], found[4]])
    asked: QuestionFile = read_question_file(
        made / "questions/template/flowers.jsonl", made / "tables/flowers.csv"
    )
    job = stage.plan(asked, out, reference_solver(seed=0))
    assert (job.standing, list(job.reusable), job.whole) == (2, [found[4].question_id], False)
    families = [question.family for question in job.missing]
    assert families == ["share", "none_of_them", "wrong_gold", "raises", "silent", "hidden_line"]


def test_every_question_about_an_embedded_table_is_verified(
    tmp_path: Path, pool: SyncSandboxPool
) -> None:
    """The generator's gold, confirmed by sqlite3, is what pandas gives in the sandbox."""
    tables.run({"tables": [], "out": "all"}, tmp_path)
    (tmp_path / "tables").mkdir()
    for suffix in ("csv", "table.json"):
        shutil.copy(tmp_path / f"all/penguins.{suffix}", tmp_path / "tables")
    config: JsonObject = {
        "tables": "tables",
        "out": "questions",
        "seed": 0,
        "template_per_table": 4,
        "procedural_per_table": 4,
    }
    made = questions_stage.run(config, tmp_path)
    result = stage.run(CONFIG, tmp_path)
    assert (made["template"], made["procedural"]) == (4, 4)
    assert (result["verified"], result["rejected"]) == (8, {})
    assert traces.run(TRACES, tmp_path)["traces"] == 8


def test_a_file_without_questions_gets_one_without_episodes(
    made: Path, out: Path, no_sandbox: None
) -> None:
    write_records(made / "questions/procedural/flowers.jsonl", ())
    for _ in range(2):
        result = stage.run(CONFIG, made)
        assert (result["verified"], result["made"], result["files"]) == (5, 0, 2)
    assert (made / "episodes/procedural/flowers.jsonl").read_bytes() == b""
    assert traces.run(TRACES, made)["traces"] == 5


def test_questions_about_two_tables_as_one_are_solved_and_become_traces(travel: Path) -> None:
    config: JsonObject = {
        "tables": "tables",
        "out": "questions",
        "seed": 0,
        "template_per_table": 4,
        "procedural_per_table": 0,
        "joins": True,
    }
    assert questions_stage.run(config, travel)["template"] == 12
    result = stage.run(CONFIG, travel)
    assert (result["verified"], result["rejected"], result["files"]) == (12, {}, 5)
    assert traces.run(TRACES, travel)["traces"] == 12
    made = list(read_records(travel / "traces/template/trips_with_places.jsonl", Trace))
    assert len(made) == 4
    assert all("\nTable trips_with_places: 60 rows; columns " in each.prompt for each in made)
    assert stage.run(CONFIG, travel)["made"] == 0
