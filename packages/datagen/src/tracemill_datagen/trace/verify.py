"""The verifier of traces: each step against the hook that proves it, each claim by replay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tracemill_datagen.episode.defect import Defect, DefectKind, difference
from tracemill_datagen.episode.verify import is_accepted
from tracemill_datagen.trace.prompt import prompt_of
from tracemill_datagen.trace.step import steps_of
from tracemill_schema.answer import show
from tracemill_schema.canonical import Value
from tracemill_schema.claim import replay, same_value
from tracemill_schema.episode import Episode
from tracemill_schema.question import Question
from tracemill_schema.table import Table
from tracemill_schema.trace import Step, Trace


def verify_trace(
    trace: Trace, episode: Episode, question: Question, *, table: Table | None = None
) -> tuple[Defect, ...]:
    """Return everything that is wrong with a trace; empty if each step is proved.

    Args:
        trace: The trace.
        episode: The episode that it says it was made of; verify it first with verify_episode.
        question: The question of that episode.
        table: The table's profile; without it prompt and licence are checked less strictly.
    """
    return (
        *check_steps(trace, episode),
        *_about(trace, episode, question),
        *_prompt(trace, question, table),
    )


def check_steps(trace: Trace, episode: Episode) -> tuple[Defect, ...]:
    """Check steps and answer of a trace against its episode: order, words, values, claims.

    A quoted value must be the value of the hook that the step is about.
    """
    try:
        wanted = steps_of(episode.turns[-1].hooks, unit=trace.answer_spec.unit)
    except ValueError as error:
        where = "/provenance/episode_id"
        return (Defect(kind="forged_hook", where=where, wanted="grounded hooks", got=str(error)),)
    defects = list(_sequence(trace.steps, [_head(step) for step in wanted]))
    for step, proof in _paired(trace.steps, wanted):
        defects += _step(step, proof)
    defects += replayed(trace)
    final = show(episode.submission)
    if trace.final_answer != final:
        kind = _answer_difference(episode.submission, final, trace.final_answer)
        defects.append(
            Defect(kind=kind, where="/final_answer", wanted=final, got=trace.final_answer)
        )
    return tuple(defects)


def replayed(trace: Trace) -> tuple[Defect, ...]:
    """Replay every claim; return the first that fails, if any."""
    fault = replay(trace)
    if fault is None:
        return ()
    where = f"/steps/{fault.step}/claim"
    return (_unsupported(where, "a claim that replays", fault.reason),)


def text_difference(wanted: str, got: str) -> DefectKind:
    """Name the way in which a text differs from the one that was wanted."""
    value, unit = _VALUE.match(wanted), _VALUE.match(got)
    if value and unit and value["head"] == unit["head"]:
        return "wrong_unit"
    for kind, pattern in _MASKS:
        if pattern.sub("#", wanted) == pattern.sub("#", got):
            return kind
    bare = not re.search(r"[\s\d]", wanted)
    return "swapped_label" if bare and not re.search(r"[\s\d]", got) else "unsupported_claim"


def _answer_difference(submission: Value, wanted: str, got: str) -> DefectKind:
    return "swapped_label" if isinstance(submission, str) else text_difference(wanted, got)


_VALUE = re.compile(r"(?P<head>(?:.* = )?[+-]?\d[\d.eE+-]*)(?P<unit>(?: [^=]+)?)$", re.DOTALL)
_HEAD = re.compile(r"([A-Za-z_]\w*(?:\.\d+)?): ")
_MASKS: tuple[tuple[DefectKind, re.Pattern[str]], ...] = (
    ("number", re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")),
    ("swapped_label", re.compile(r"'[^']*'|\"[^\"]*\"")),
)


def _head(step: Step) -> str:
    """Return the name that a step is about: what stands before the colon; empty if none does."""
    match = _HEAD.match(step.content)
    return match[1] if match else ""


def _counted(steps: Sequence[Step]) -> list[tuple[str, int]]:
    """Return the head of each step with how many steps before it had the same."""
    heads = [_head(step) for step in steps]
    return [(head, heads[:i].count(head)) for i, head in enumerate(heads)]


def _sequence(steps: Sequence[Step], wanted: Sequence[str]) -> Iterator[Defect]:
    got = [_head(step) for step in steps]
    dropped = Counter(wanted) - Counter(got)
    added = Counter(got) - Counter(wanted)
    for name in dropped:
        yield Defect(kind="dropped_step", where="/steps", wanted=f"a step for {name}", got="none")
    for i, name in enumerate(got):
        if name == "":
            yield _unsupported(f"/steps/{i}", "a step that a hook proves", steps[i].content[:80])
        elif name in added:
            yield Defect(
                kind="forged_hook", where=f"/steps/{i}", wanted="a step of a hook", got=name
            )
    common = [name for name in got if name not in added]
    if common != [name for name in wanted if name not in dropped]:
        yield Defect(kind="order", where="/steps", wanted=", ".join(wanted), got=", ".join(got))


def _paired(steps: Sequence[Step], proofs: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """Pair each step with the proved one of the same name, however the steps were moved about."""
    proved = dict(zip(_counted(proofs), proofs, strict=True))
    for step, head in zip(steps, _counted(steps), strict=True):
        if head in proved:
            yield step, proved[head]


def _step(step: Step, proof: Step) -> Iterator[Defect]:
    where = f"/steps/{step.i}"
    if step.content != proof.content:
        yield Defect(
            kind=text_difference(proof.content, step.content),
            where=f"{where}/content",
            wanted=proof.content[:120],
            got=step.content[:120],
        )
    value = proof.claim.result if proof.claim else None
    if step.claim is None:
        yield _unsupported(f"{where}/claim", "a claim", "none")
    elif not same_value(step.claim.result, value):
        yield Defect(
            kind=difference(value, step.claim.result),
            where=f"{where}/claim/result",
            wanted=f"{value!r} as the hook has it"[:120],
            got=f"{step.claim.result!r}"[:80],
        )
    elif step.i == proof.i and step.claim != proof.claim:
        yield _unsupported(f"{where}/claim", f"{proof.claim}"[:120], f"{step.claim}"[:120])
    if step.type != proof.type:
        yield _unsupported(f"{where}/type", proof.type, step.type)


def _about(trace: Trace, episode: Episode, question: Question) -> Iterator[Defect]:
    said = trace.provenance
    pairs = (
        ("/id", trace.computed_id(), trace.id),
        ("/provenance/episode_id", episode.id, said.episode_id),
        ("/provenance/question_id", question.id, said.question_id),
        ("/provenance/question_id", episode.question_id, said.question_id),
        ("/provenance/family", question.family, said.family),
        ("/provenance/seed", question.seed, said.seed),
    )
    for where, wanted, got in pairs:
        if wanted != got:
            yield Defect(kind="identity", where=where, wanted=str(wanted), got=str(got))
    if trace.answer_spec != question.answer_spec:
        other_unit = trace.answer_spec.unit != question.answer_spec.unit
        yield Defect(
            kind="wrong_unit" if other_unit else "identity",
            where="/answer_spec",
            wanted=str(question.answer_spec.to_bytes().decode())[:120],
            got=str(trace.answer_spec.to_bytes().decode())[:120],
        )
    if not is_accepted(episode):
        yield _unsupported("/provenance/episode_id", "an accepted episode", episode.failure)


def _prompt(trace: Trace, question: Question, table: Table | None) -> Iterator[Defect]:
    if table is None:
        wanted, fits = question.prompt, trace.prompt.startswith(question.prompt)
    else:
        wanted = prompt_of(question, table)
        fits = trace.prompt == wanted
    if not fits:
        yield Defect(kind="identity", where="/prompt", wanted=wanted[:120], got=trace.prompt[:120])
    if table is not None and trace.provenance.licence != table.licence:
        yield Defect(
            kind="identity",
            where="/provenance/licence",
            wanted=table.licence,
            got=trace.provenance.licence,
        )


def _unsupported(where: str, wanted: str, got: str) -> Defect:
    return Defect(kind="unsupported_claim", where=where, wanted=wanted, got=got)
