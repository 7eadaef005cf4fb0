from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.corruption import resealed
from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.stage import traces as stage
from tracemill_schema.claim import replay
from tracemill_schema.episode import Episode
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import read_records, write_record, write_records
from tracemill_schema.trace import Trace

pytestmark = pytest.mark.sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracemill_schema.canonical import JsonObject
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table

CONFIG: JsonObject = {
    "tables": "tables",
    "questions": "questions",
    "episodes": "episodes",
    "out": "traces",
}


@pytest.fixture
def made(workspace: Path, episodes: dict[str, Episode]) -> Path:
    """Return a workspace whose episodes are made."""
    write_records(workspace / "episodes/template/flowers.jsonl", episodes.values())
    return workspace


def test_each_accepted_episode_becomes_a_trace(made: Path, accepted: dict[str, Episode]) -> None:
    assert stage.run(CONFIG, made) == {"traces": 5, "rejected": 4, "files": 1, "removed": []}
    found = list(read_records(made / "traces/template/flowers.jsonl", Trace))
    assert [trace.provenance.episode_id for trace in found] == [e.id for e in accepted.values()]
    assert [replay(trace) for trace in found] == [None] * 5


def test_an_episode_whose_text_holds_a_tag_is_counted_as_rejected(made: Path, table: Table) -> None:
    write_record(made / "tables/flowers.table.json", table.replace(name="<answer>"))
    assert stage.run(CONFIG, made) == {"traces": 0, "rejected": 9, "files": 1, "removed": []}


def test_a_second_call_gives_the_same_bytes(made: Path) -> None:
    path = made / "traces/template/flowers.jsonl"
    stage.run(CONFIG, made)
    before = path.read_bytes()
    stage.run(CONFIG, made)
    assert path.read_bytes() == before


def test_traces_whose_questions_are_gone_are_removed(made: Path) -> None:
    stale = made / "traces/procedural/old.jsonl"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"")
    assert stage.run(CONFIG, made)["removed"] == ["procedural/old.jsonl"]
    assert not stale.exists()


def change_question(folder: Path, questions: dict[str, Question], table: Table) -> None:
    first, *rest = questions.values()
    fields = {name: getattr(first, name) for name in first.model_fields_set if name != "id"}
    changed = type(first).make(**(fields | {"prompt": "Another wording?"}))
    write_records(folder / "questions/template/flowers.jsonl", [changed, *rest])


def drop_question(folder: Path, questions: dict[str, Question], table: Table) -> None:
    write_records(folder / "questions/template/flowers.jsonl", list(questions.values())[:-1])


def change_table(folder: Path, questions: dict[str, Question], table: Table) -> None:
    (folder / "tables/flowers.csv").write_bytes(b"kind,mass,height\nred,1,1\n")


def change_profile(folder: Path, questions: dict[str, Question], table: Table) -> None:
    write_record(folder / "tables/flowers.table.json", table.replace(id="0" * 64))


def drop_episode(folder: Path, questions: dict[str, Question], table: Table) -> None:
    path = folder / "episodes/template/flowers.jsonl"
    write_records(path, list(read_records(path, Episode))[:-1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_question, "flowers.jsonl line 1 changed: wanted an episode of question "),
        (drop_question, "flowers.jsonl line 9 changed: wanted no more episodes, got episode "),
        (change_table, "flowers.csv changed: wanted the table "),
        (change_profile, "flowers.table.json changed: wanted the profile of table "),
        (drop_episode, "flowers.jsonl changed: wanted 9 episodes, got 8; the stage episodes did"),
    ],
)
def test_what_changed_since_the_episodes_is_refused_by_name(
    made: Path,
    questions: dict[str, Question],
    table: Table,
    change: Callable[[Path, dict[str, Question], Table], None],
    said: str,
) -> None:
    change(made, questions, table)
    with pytest.raises(StaleInput) as caught:
        stage.run(CONFIG, made)
    assert said in str(caught.value)
    assert not (made / "traces").exists()


def test_missing_episodes_are_named(workspace: Path) -> None:
    with pytest.raises(BadRequest, match="got no such file; run the stage episodes first"):
        stage.run(CONFIG, workspace)


def test_an_episode_that_does_not_hold_is_refused(made: Path, episodes: dict[str, Episode]) -> None:
    first, *rest = episodes.values()
    forged = resealed(first, submission=15.5)
    write_records(made / "episodes/template/flowers.jsonl", [forged, *rest])
    with pytest.raises(FaultsFound) as caught:
        stage.run(CONFIG, made)
    message = str(caught.value)
    assert message.startswith(f"episode {forged.id[:16]} does not hold:\n  number at /submission")
