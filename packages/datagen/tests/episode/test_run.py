from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.episode.hook import ground
from tracemill_datagen.episode.run import (
    Attempt,
    code_hash,
    episode_of,
    libraries_of,
    solve,
    turn_of,
)
from tracemill_datagen.solver.reference import Draft, reference_solver
from tracemill_sandbox.result import Claims, Facts, RunResult, Status
from tracemill_sandbox.worker import LIBRARIES
from tracemill_schema.errors import FaultsFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracemill_sandbox.sync import SyncSandboxPool
    from tracemill_schema.answer import AnswerSpec
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question


@pytest.mark.parametrize(
    ("family", "submission", "failure", "reason"),
    [
        ("mean_where", 15.4, "none", "correct"),
        ("highest_group", "blue", "none", "correct"),
        ("share", 50.0, "none", "correct"),
        ("none_of_them", 0, "none", "correct"),
        ("top_kinds", ["blue", "red"], "none", "correct"),
        ("wrong_gold", 6, "wrong_answer", "wrong: expected 7, got 6"),
        ("raises", None, "code_error", "not judged: code_error: ZeroDivisionError"),
        ("silent", None, "no_answer", "not judged: no_answer: answer was never bound"),
        (
            "hidden_line",
            6,
            "ungrounded_hook",
            "not judged: ungrounded_hook: line 3 does not bind 'row_count' alone",
        ),
    ],
)
def test_a_question_is_solved_in_the_sandbox_and_judged(
    episodes: dict[str, Episode], family: str, submission: object, failure: str, reason: str
) -> None:
    episode = episodes[family]
    assert episode.submission == submission
    assert (episode.failure, episode.verdict.reason) == (failure, reason)
    assert episode.verdict.correct is (failure == "none")
    assert episode.verdict.matched_interpretation == ("reading 0" if failure == "none" else None)


def test_hooks_hold_what_was_executed(episodes: dict[str, Episode]) -> None:
    found = [(h.name, h.value, h.depends_on) for h in episodes["highest_group"].turns[0].hooks]
    means = {"blue": 42.25, "green": 7.0, "red": 15.375}
    assert found[1:] == [
        ("mean_per_kind", means, ("table",)),
        ("top_kind", "blue", ("mean_per_kind",)),
        ("answer", "blue", ("top_kind",)),
    ]


def test_an_episode_says_the_same_however_long_it_took(
    pool: SyncSandboxPool,
    questions: dict[str, Question],
    episodes: dict[str, Episode],
    table_bytes: bytes,
) -> None:
    solver = reference_solver(seed=0)
    (again,) = solve(pool, [questions["share"]], table=table_bytes, solver=solver)
    assert again.cost.seconds != episodes["share"].cost.seconds
    assert again.id == episodes["share"].id


def test_several_runs_are_triangulated(
    pool: SyncSandboxPool, questions: dict[str, Question], table_bytes: bytes
) -> None:
    two = [questions["share"], questions["raises"]]
    solver = reference_solver(seed=0)
    share, raises = solve(pool, two, table=table_bytes, solver=solver, runs=2)
    assert share.consistency.to_values() == {
        "runs": 2,
        "clusters": 1,
        "majority": 2,
        "confidence": 1.0,
    }
    assert (raises.consistency.runs, raises.consistency.majority) == (2, 0)


def test_a_question_without_a_program_cannot_be_solved(
    pool: SyncSandboxPool, make_question: Callable[..., Question], share_spec: AnswerSpec
) -> None:
    question = make_question("bare", None, share_spec, 1.0)
    with pytest.raises(FaultsFound, match="wanted a program with its source text, got none"):
        next(solve(pool, [question], table=b"", solver=reference_solver(seed=0)))


def result_of(code: str, status: Status = "ok") -> RunResult:
    """Return the result of running ``code``, as the sandbox would hand it over."""
    facts = Facts(
        exit_code=0,
        signal=None,
        wall_seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_bytes=0,
        stdout_bytes=0,
        stderr_bytes=0,
        disk_bytes=0,
        kept_bytes=0,
        queue_seconds=0.0,
        attempts=1,
    )
    return RunResult(
        run_id="0" * 32,
        worker_id="w0",
        backend="process",
        tier="none",
        status=status,
        reason="",
        facts=facts,
        claims=Claims(stdout=f"output of {code}"),
    )


def test_each_turn_keeps_the_output_of_its_own_code() -> None:
    codes = [f"print({i})" for i in range(12)]
    attempts = [Attempt(draft=Draft(reasoning="", code=c), result=result_of(c)) for c in codes]
    nothing = ground("", ())
    turns = [turn_of(i, attempt, nothing) for i, attempt in enumerate(attempts)]
    assert [turn.i for turn in turns] == list(range(12))
    for turn, code in zip(turns, codes, strict=True):
        assert turn.code == code
        assert turn.execution.stdout == f"output of {code}"
        assert turn.execution.code_hash == code_hash(code)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("error", "code_error"),
        ("timeout", "timeout"),
        ("memory", "resource_limit"),
        ("output_limit", "resource_limit"),
        ("killed", "resource_limit"),
        ("cancelled", "infrastructure"),
        ("infra_error", "infrastructure"),
    ],
)
def test_how_a_run_ended_gives_the_failure_class(
    pool: SyncSandboxPool, questions: dict[str, Question], status: Status, failure: str
) -> None:
    draft = Draft(reasoning="", code="answer = 50.0")
    attempt = Attempt(draft=draft, result=result_of(draft.code, status))
    solver = reference_solver(seed=0)
    episode = episode_of(questions["share"], solver, [attempt], identity=pool.identity())
    assert episode.failure == failure
    assert episode.verdict.reason == f"not judged: {failure}"
    assert episode.submission is None


def test_statistics_are_loaded_beforehand_only_where_a_program_imports_them() -> None:
    plain, wants = "import pandas as pd\n", "import pandas as pd\nfrom scipy import stats\n"
    assert libraries_of([plain, plain]) == LIBRARIES
    assert libraries_of([plain, wants]) == (*LIBRARIES, "scipy.stats")
