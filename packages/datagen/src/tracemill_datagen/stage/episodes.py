"""Stage episodes: every question is worked on once, in order; a killed stage goes on where it was.

An episode file is whole when it holds one episode per question, in the order of the questions.
Episodes of questions that have changed are made again; the others stand as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from tracemill_datagen.episode.run import libraries_of, solve
from tracemill_datagen.episode.verify import is_accepted, verify_episode
from tracemill_datagen.errors import DatagenError
from tracemill_datagen.solver.reference import reference_solver
from tracemill_datagen.stage.question_file import QuestionFile, read_all
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_schema.canonical import JsonObject, short
from tracemill_schema.episode import Episode, Solver
from tracemill_schema.jsonl import RecordAppender, read_records, write_records
from tracemill_schema.progress import report
from tracemill_schema.question import Question
from tracemill_schema.record import Record

WORKERS = 2
"""Runs at the same time; a run takes one core for some milliseconds."""

REPORT_EVERY = 10
"""Episodes between two progress lines: about five a second at 50 episodes/s."""

Told = Callable[[int], None]
"""Told how many episodes have been made."""


class EpisodesConfig(Record):
    """Config of the stage; paths are relative to the workspace."""

    tables: str
    questions: str
    out: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is still to do for one file.

    Attributes:
        asked: The questions and their table.
        out: The episode file.
        standing: Episodes at the head of ``out`` that stand.
        reusable: Question id -> an episode of it that stands but is not at the head of the file.
    """

    asked: QuestionFile
    out: Path
    standing: int
    reusable: Mapping[str, Episode]

    @property
    def missing(self) -> tuple[Question, ...]:
        """Questions that have to be worked on, in order."""
        rest = self.asked.questions[self.standing :]
        return tuple(question for question in rest if question.id not in self.reusable)

    @property
    def whole(self) -> bool:
        """Whether the file holds an episode of every question."""
        return self.standing == len(self.asked.questions)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Verified episodes, and the others by failure class."""

    verified: int
    rejected: Mapping[str, int]


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Work on every question of the workspace; see ``tracemill_schema.run.RunHandler``.

    Returns:
        Counts: verified, rejected by reason, made in this call, reused from an earlier one.
    """
    settings = EpisodesConfig.from_values(config, where="config of the stage episodes")
    solver = reference_solver(seed=settings.seed)
    jobs = [
        plan(asked, folder / settings.out / source / asked.path.name, solver)
        for source, asked in read_all(folder / settings.questions, folder / settings.tables)
    ]
    total = sum(len(job.missing) for job in jobs)
    made = work(jobs, solver, lambda done: _tell(done, total))
    asked_in_all = sum(len(job.asked.questions) for job in jobs)
    counts = tally(episode for job in jobs for episode in read_records(job.out, Episode))
    return {
        "verified": counts.verified,
        "rejected": dict(counts.rejected),
        "made": made,
        "reused": asked_in_all - made,
        "files": len(jobs),
    }


def plan(asked: QuestionFile, out: Path, solver: Solver) -> Job:
    """Find out which episodes of a file stand: made by this solver, of a question still asked.

    An episode in which the verifier finds a defect does not stand.
    """
    questions = {question.id: question for question in asked.questions}
    found = _recovered(out)
    standing = {
        episode.question_id: episode
        for episode in found
        if episode.question_id in questions
        and episode.solver == solver
        and not verify_episode(episode, questions[episode.question_id])
    }
    pairs = zip(asked.questions, found, strict=False)
    head = len(list(takewhile(lambda pair: standing.get(pair[0].id) is pair[1], pairs)))
    if head < len(found):
        # The file has records that do not belong where they are: only its head stays.
        write_records(out, found[:head])
    in_head = {episode.question_id for episode in found[:head]}
    reusable = {key: episode for key, episode in standing.items() if key not in in_head}
    return Job(asked=asked, out=out, standing=head, reusable=reusable)


def work(jobs: Iterable[Job], solver: Solver, told: Told) -> int:
    """Make all episodes that are missing and append them in order; return how many.

    Raises:
        DatagenError: if the sandbox failed on a question; what was made before stands.
    """
    open_jobs: list[Job] = []
    for job in jobs:
        if not job.whole:
            open_jobs.append(job)
        elif not job.out.exists():
            write_records(job.out, ())  # nothing was asked, as a table may be too small for it
    made = 0
    if not open_jobs:
        return made
    sources = (
        q.program.source or "" for job in open_jobs for q in job.asked.questions if q.program
    )
    with SyncSandboxPool(workers=WORKERS, libraries=libraries_of(sources)) as pool:
        for job in open_jobs:
            for _ in _filled(job, pool, solver):
                made += 1
                told(made)
    return made


def tally(episodes: Iterable[Episode]) -> Tally:
    """Count episodes: how many are verified, and why the others were rejected."""
    reasons: Counter[str] = Counter()
    for episode in episodes:
        reasons["verified" if is_accepted(episode) else episode.failure] += 1
    verified = reasons.pop("verified", 0)
    return Tally(verified=verified, rejected=dict(sorted(reasons.items())))


def _recovered(out: Path) -> list[Episode]:
    """Read the whole records of a file that may have been cut by a kill."""
    if not out.exists():
        return []
    with RecordAppender(out):
        pass
    return list(read_records(out, Episode))


def _filled(job: Job, pool: SyncSandboxPool, solver: Solver) -> Iterator[Episode]:
    """Append what is missing, yielding each episode that was made (not those reused)."""
    asked = job.asked
    solved = solve(pool, job.missing, table=asked.table, beside=asked.beside, solver=solver)
    with RecordAppender(job.out) as appender:
        for question in asked.questions[job.standing :]:
            kept = job.reusable.get(question.id)
            episode = next(solved) if kept is None else kept
            if episode.failure == "infrastructure":
                raise DatagenError(
                    f"question {short(question.id)} of {asked.path}: wanted an execution, "
                    f"the sandbox itself failed ({episode.verdict.reason}); nothing is lost, "
                    "run the same command again: it goes on here"
                )
            appender.append(episode)
            if kept is None:
                yield episode


def _tell(done: int, total: int) -> None:
    if done % REPORT_EVERY == 0 or done == total:
        report("episodes", done, total)
