"""The flow of an episode: a solver's draft is run, its hooks grounded, its answer judged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tracemill_datagen.episode.consistency import triangulate
from tracemill_datagen.episode.hook import ANSWER, Grounding, ground, hook_defects
from tracemill_datagen.episode.verdict import not_judged, verdict_on
from tracemill_datagen.program.engine.source import TABLE_FILE
from tracemill_datagen.solver.reference import Draft, reference_draft
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.result import RunResult, Status
from tracemill_sandbox.sync import SyncSandboxPool
from tracemill_sandbox.worker import LIBRARIES
from tracemill_schema.canonical import Value
from tracemill_schema.episode import (
    Cost,
    Episode,
    Execution,
    FailureClass,
    SandboxIdentity,
    Solver,
    Turn,
    Verdict,
)
from tracemill_schema.question import Question

LIMITS = Limits(wall_seconds=20.0, cpu_seconds=20.0, memory_bytes=1 << 30)
"""A reference program takes milliseconds; the bounds are for a machine under heavy load."""

FAILURES: Mapping[Status, FailureClass] = {
    "ok": "none",
    "error": "code_error",
    "timeout": "timeout",
    "memory": "resource_limit",
    "output_limit": "resource_limit",
    "killed": "resource_limit",
    "cancelled": "infrastructure",
    "infra_error": "infrastructure",
}


STATISTICS = "scipy.stats"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One draft and the run of exactly its code: the pair is made here and nowhere else."""

    draft: Draft
    result: RunResult


def solve(
    pool: SyncSandboxPool,
    questions: Iterable[Question],
    *,
    table: bytes,
    solver: Solver,
    runs: int = 1,
    beside: Mapping[str, bytes] | None = None,
) -> Iterator[Episode]:
    """Yield one episode per question, in the order of the questions.

    Args:
        pool: A started pool; all its workers are kept busy.
        questions: Questions about one table, each with its program.
        table: The bytes of the table's CSV file.
        solver: Who solves them; written into each episode.
        runs: How often each program is run; the first run is the episode, all are triangulated.
        beside: Other files that the programs read, by name.

    Raises:
        FaultsFound: if a question has no program.
        SandboxError: if the pool cannot run anything.
    """
    kept = list(questions)
    drafts = [reference_draft(question) for question in kept]
    files = {**(beside or {}), TABLE_FILE: table}
    requests = (request_of(draft, files) for draft in drafts for _ in range(runs))
    results = iter(pool.run_many(requests))
    for question, draft in zip(kept, drafts, strict=True):
        attempts = [Attempt(draft=draft, result=result) for result in islice(results, runs)]
        yield episode_of(question, solver, attempts, identity=pool.identity())


def libraries_of(sources: Iterable[str]) -> tuple[str, ...]:
    """Return what a pool loads beforehand for some programs.

    Statistics only where one of them imports it: it makes every worker larger, and a run that has
    to import it itself takes half a second more.
    """
    wants = any(f"from {STATISTICS.replace('.', ' import ')}" in source for source in sources)
    return (*LIBRARIES, STATISTICS) if wants else LIBRARIES


def request_of(draft: Draft, files: Mapping[str, bytes]) -> RunRequest:
    """Return what the sandbox is asked for a draft: its code, the tables, the answer."""
    return RunRequest(code=draft.code, files=files, limits=LIMITS, outputs=(ANSWER,))


def episode_of(
    question: Question, solver: Solver, attempts: Sequence[Attempt], *, identity: SandboxIdentity
) -> Episode:
    """Make the episode of one question from its runs (at least one); the first is shown."""
    first = attempts[0]
    grounding = ground(first.draft.code, first.result.claims.bindings)
    turn = turn_of(0, first, grounding)
    answers = [answer for answer in map(_submission, attempts) if answer is not None]
    submission = _submission(first)
    failure, verdict = _judged(question, turn, grounding, first.result, submission)
    triangulation = triangulate(
        [answer.value for answer in answers],
        question.answer_spec,
        without_answer=len(attempts) - len(answers),
    )
    seconds = sum(attempt.result.facts.wall_seconds for attempt in attempts)
    return Episode.make(
        question_id=question.id,
        solver=solver,
        turns=(turn,),
        submission=submission.value if submission else None,
        verdict=verdict,
        consistency=triangulation.consistency,
        failure=failure,
        cost=Cost(seconds=seconds, prompt_tokens=0, completion_tokens=0),
        sandbox=identity,
    )


def turn_of(i: int, attempt: Attempt, grounding: Grounding) -> Turn:
    """Make turn ``i`` of a draft, the run of its code and what it grounds."""
    draft, result = attempt.draft, attempt.result
    return Turn(
        i=i,
        reasoning=draft.reasoning,
        code=draft.code,
        execution=Execution(
            ok=result.ok,
            code_hash=code_hash(draft.code),
            stdout=result.claims.stdout,
            stderr=result.claims.stderr,
            truncation=result.claims.truncated,
            seconds=result.facts.wall_seconds,
        ),
        hooks=grounding.hooks,
        correction=draft.correction,
    )


def code_hash(code: str) -> str:
    """Return the SHA-256 of the code as UTF-8; it ties an execution to what was run."""
    return hashlib.sha256(code.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Submission:
    """An answer that was given; its value may be null, which is an answer too."""

    value: Value


def _submission(attempt: Attempt) -> Submission | None:
    output = attempt.result.claims.outputs.get(ANSWER)
    if not attempt.result.ok or output is None or output.coverage != "whole":
        return None
    return Submission(value=output.value)


def _judged(
    question: Question,
    turn: Turn,
    grounding: Grounding,
    result: RunResult,
    submission: Submission | None,
) -> tuple[FailureClass, Verdict]:
    failure = FAILURES[result.status]
    if failure != "none":
        return failure, not_judged(failure, result.claims.exception or "")
    if submission is None:
        return "no_answer", not_judged("no_answer", _why_no_answer(result))
    ungrounded = (*grounding.rejected, *map(str, hook_defects(turn)))
    if ungrounded:
        return "ungrounded_hook", not_judged("ungrounded_hook", ungrounded[0])
    verdict = verdict_on(question, submission.value)
    return ("none" if verdict.correct else "wrong_answer"), verdict


def _why_no_answer(result: RunResult) -> str:
    output = result.claims.outputs.get(ANSWER)
    return f"{ANSWER} was never bound" if output is None else f"{ANSWER} is {output.value}"
