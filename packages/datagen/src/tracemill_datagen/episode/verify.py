"""The verifier of episodes: everything is checked again from the record and its question."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_datagen.episode.consistency import triangulate
from tracemill_datagen.episode.defect import Defect, difference
from tracemill_datagen.episode.hook import ANSWER, hook_defects
from tracemill_datagen.episode.run import code_hash
from tracemill_datagen.episode.verdict import verdict_on
from tracemill_schema.canonical import canonical_bytes
from tracemill_schema.episode import Episode, Hook, Turn
from tracemill_schema.question import Question


def verify_episode(episode: Episode, question: Question) -> tuple[Defect, ...]:
    """Return everything that is wrong with an episode; empty if it may be believed.

    What cannot be seen from the record: a value that pandas computed and that was changed
    together with its hash. ``reexecuted`` finds that.
    """
    return (
        *_turns(episode, question),
        *_hooks(episode),
        *_submission(episode),
        *_verdict(episode, question),
        *_consistency(episode, question),
        *_identity(episode, question),
    )


def is_accepted(episode: Episode) -> bool:
    """Tell whether the episode says of itself that it solved its question."""
    return episode.failure == "none" and episode.verdict.correct


def reexecuted(recorded: Episode, again: Episode) -> tuple[Defect, ...]:
    """Compare a recorded episode with a new execution of the same question, hook by hook."""
    return tuple(
        Defect(
            kind=difference(right.value, left.value),
            where=f"/turns/{old.i}/hooks/{index}/value",
            wanted=f"{right.value!r} by execution"[:120],
            got=f"{left.value!r}"[:80],
        )
        for old, new in zip(recorded.turns, again.turns, strict=False)
        for index, (left, right) in enumerate(zip(old.hooks, new.hooks, strict=False))
        if left.value_hash != right.value_hash
    )


def answer_hook(turn: Turn) -> Hook | None:
    """Return the hook of the line that bound the submitted answer, or None."""
    bound = [hook for hook in turn.hooks if hook.name == ANSWER]
    return bound[-1] if bound else None


def _identity(episode: Episode, question: Question) -> Iterator[Defect]:
    if episode.question_id != question.id:
        yield Defect(
            kind="identity", where="/question_id", wanted=question.id, got=episode.question_id
        )
    if episode.id != episode.computed_id():
        yield Defect(kind="identity", where="/id", wanted=episode.computed_id(), got=episode.id)


def _turns(episode: Episode, question: Question) -> Iterator[Defect]:
    numbers = [turn.i for turn in episode.turns]
    if numbers != list(range(len(numbers))):
        yield Defect(kind="order", where="/turns", wanted="turns 0, 1, ...", got=f"{numbers}")
    for turn in episode.turns:
        if turn.execution.code_hash != code_hash(turn.code):
            yield Defect(
                kind="alignment",
                where=f"/turns/{turn.i}/execution/code_hash",
                wanted=f"the execution of this turn's code {code_hash(turn.code)[:16]}",
                got=f"that of {turn.execution.code_hash[:16]}",
            )
    source = question.program.source if question.program else None
    if episode.solver.kind == "reference" and episode.turns[-1].code != source:
        yield Defect(
            kind="alignment",
            where=f"/turns/{len(numbers) - 1}/code",
            wanted="the source of the question's program",
            got="another text",
        )


def _hooks(episode: Episode) -> Iterator[Defect]:
    """An episode that was rejected for its hooks already says that they cannot be believed."""
    if episode.failure != "ungrounded_hook":
        for turn in episode.turns:
            yield from hook_defects(turn)


def _submission(episode: Episode) -> Iterator[Defect]:
    """The submission is the value that the last turn bound to ``answer``, nothing else."""
    if episode.failure not in {"none", "wrong_answer"}:
        if episode.submission is not None and episode.failure != "ungrounded_hook":
            yield Defect(
                kind="unsupported_claim",
                where="/submission",
                wanted=f"null after {episode.failure}",
                got=f"{episode.submission!r}"[:80],
            )
        return
    hook = answer_hook(episode.turns[-1])
    if hook is None or hook.coverage != "whole":
        yield Defect(
            kind="dropped_step",
            where="/submission",
            wanted=f"a hook that binds {ANSWER}",
            got="none",
        )
    elif canonical_bytes(hook.value) != canonical_bytes(episode.submission):
        yield Defect(
            kind=difference(hook.value, episode.submission),
            where="/submission",
            wanted=f"{hook.value!r} as {hook.code_line!r} bound it",
            got=f"{episode.submission!r}"[:80],
        )


def _verdict(episode: Episode, question: Question) -> Iterator[Defect]:
    judged = episode.failure in {"none", "wrong_answer"}
    if not judged:
        said = episode.verdict.reason.startswith(f"not judged: {episode.failure}")
        if episode.verdict.correct or not said:
            yield _unsupported("/verdict", f"not judged: {episode.failure}", episode.verdict.reason)
        return
    if not episode.turns[-1].execution.ok:
        yield _unsupported("/failure", "a failed execution's class", episode.failure)
    wanted = verdict_on(question, episode.submission)
    if wanted != episode.verdict:
        yield _unsupported("/verdict", wanted.reason, episode.verdict.reason)
    if (episode.failure == "none") is not episode.verdict.correct:
        yield _unsupported("/failure", "none exactly if correct", episode.failure)


def _consistency(episode: Episode, question: Question) -> Iterator[Defect]:
    said = episode.consistency
    if said.runs == 1:
        answered = episode.failure in {"none", "wrong_answer", "ungrounded_hook"}
        answers = [episode.submission] if answered else []
        wanted = triangulate(answers, question.answer_spec, without_answer=1 - len(answers))
        agrees = wanted.consistency == said
    else:
        agrees = (
            said.majority <= said.runs - (said.clusters - 1)
            and said.confidence == said.majority / said.runs
        )
    if not agrees:
        yield _unsupported("/consistency", "figures that the runs give", f"{said.to_values()}")


def _unsupported(where: str, wanted: str, got: str) -> Defect:
    return Defect(kind="unsupported_claim", where=where, wanted=wanted, got=got)
