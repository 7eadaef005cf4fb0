"""Stage traces: every accepted episode, verified again, becomes one trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracemill_datagen.episode.defect import Defect
from tracemill_datagen.episode.verify import is_accepted, verify_episode
from tracemill_datagen.errors import BadRequest, Rejected, StaleInput
from tracemill_datagen.stage.question_file import QuestionFile, read_all
from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.verify import verify_trace
from tracemill_schema.canonical import JsonObject, short
from tracemill_schema.episode import Episode
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import read_record, read_records, write_records
from tracemill_schema.progress import report
from tracemill_schema.question import Question
from tracemill_schema.record import Record
from tracemill_schema.table import Table
from tracemill_schema.trace import Trace


class TracesConfig(Record):
    """Config of the stage; paths are relative to the workspace."""

    tables: str
    questions: str
    episodes: str
    out: str


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Make the traces of the workspace; see ``tracemill_schema.run.RunHandler``.

    Each file is replaced as a whole. A trace file whose questions are gone is removed: a dataset
    must not be built from it.

    Returns:
        Counts: traces, episodes that were not accepted, files, names of removed files.
    """
    settings = TracesConfig.from_values(config, where="config of the stage traces")
    tables, out = folder / settings.tables, folder / settings.out
    asked_files = list(read_all(folder / settings.questions, tables))
    written: dict[Path, int] = {}
    rejected = 0
    for source, asked in asked_files:
        episodes = read_episodes(folder / settings.episodes / source / asked.path.name, asked)
        table = asked.join or _profile(tables / f"{asked.path.stem}.table.json", asked)
        path = out / source / asked.path.name
        written[path] = write_records(path, traces_of(asked, episodes, table))
        rejected += len(episodes) - written[path]
        report("traces", len(written), len(asked_files))
    removed = _removed(out, frozenset(written))
    return {
        "traces": sum(written.values()),
        "rejected": rejected,
        "files": len(written),
        "removed": [str(path.relative_to(out)) for path in removed],
    }


def read_episodes(path: Path, asked: QuestionFile) -> tuple[Episode, ...]:
    """Read the episodes of a question file: one per question, in the same order.

    Raises:
        BadRequest: if there is no such file.
        StaleInput: if an episode is of another question than the one that is asked now.
    """
    if not path.exists():
        raise BadRequest(
            f"{path}: wanted the episodes of {asked.path}, got no such file; "
            "run the stage episodes first"
        )
    episodes = tuple(read_records(path, Episode))
    for number, episode in enumerate(episodes, start=1):
        wanted = asked.questions[number - 1].id if number <= len(asked.questions) else None
        if episode.question_id != wanted:
            raise StaleInput(
                where=f"{path} line {number}",
                wanted=f"an episode of question {short(wanted)}" if wanted else "no more episodes",
                got=f"episode {short(episode.id)} of question {short(episode.question_id)}",
                remedy=f"{asked.path} changed since; run the stage episodes again",
            )
    if len(episodes) < len(asked.questions):
        raise StaleInput(
            where=str(path),
            wanted=f"{len(asked.questions)} episodes",
            got=f"{len(episodes)}",
            remedy="the stage episodes did not end; run it again",
        )
    return episodes


def traces_of(asked: QuestionFile, episodes: tuple[Episode, ...], table: Table) -> Iterator[Trace]:
    """Yield the trace of each accepted episode, in order, each verified.

    An episode whose trace would hold a tag of training text gives none; it counts as rejected.

    Raises:
        FaultsFound: if an episode that says that it is accepted does not hold.
    """
    for question, episode in zip(asked.questions, episodes, strict=True):
        if not is_accepted(episode):
            continue
        try:
            trace = _trace_of(question, episode, table)
        except Rejected:
            continue
        yield trace


def _trace_of(question: Question, episode: Episode, table: Table) -> Trace:
    defects = verify_episode(episode, question)
    if defects:
        raise _refused(f"episode {short(episode.id)}", defects)
    trace = build_trace(episode, question, table)
    defects = verify_trace(trace, episode, question, table=table)
    if defects:
        raise _refused(f"trace of episode {short(episode.id)}", defects)
    return trace


def _refused(what: str, defects: tuple[Defect, ...]) -> FaultsFound:
    lines = "\n".join(f"  {defect}" for defect in defects)
    return FaultsFound(f"{what} does not hold:\n{lines}")


def _profile(path: Path, asked: QuestionFile) -> Table:
    table = read_record(path, Table)
    ids = {question.table_id for question in asked.questions} - {table.id}
    if ids:
        raise StaleInput(
            where=str(path),
            wanted=f"the profile of table {short(min(str(i) for i in ids))}",
            got=f"that of table {short(table.id)}",
            remedy="run the stage tables again",
        )
    return table


def _removed(out: Path, written: frozenset[Path]) -> tuple[Path, ...]:
    stale = tuple(path for path in sorted(out.glob("*/*.jsonl")) if path not in written)
    for path in stale:
        path.unlink()
    return stale
