"""Ways in which an episode can be wrong, made on purpose: the verifier must name each.

Every corruption gives a record that meets its contract and has a matching id, so that only what
the record says can betray it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracemill_datagen.episode.defect import DefectKind
from tracemill_schema.canonical import Value, content_id
from tracemill_schema.episode import Episode, Hook

WRONG_UNIT = "furlongs"
"""No table is measured in it."""

WRONG_LABEL = "Nowhere"
"""No table has a group of this name."""


@dataclass(frozen=True, kw_only=True)
class EpisodeCorruption:
    """One way to corrupt an episode.

    Attributes:
        name: What is done.
        kind: Class under which the verifier must report it.
        apply: Returns the corrupted episode, or None if the episode gives no occasion.
    """

    name: str
    kind: DefectKind
    apply: Callable[[Episode], Episode | None]


def with_hooks(episode: Episode, hooks: Sequence[Hook]) -> Episode:
    """Return the episode with other hooks in its last turn, and the id that fits."""
    turn = episode.turns[-1].replace(hooks=tuple(hooks))
    return resealed(episode, turns=(*episode.turns[:-1], turn))


def resealed(episode: Episode, **changes: object) -> Episode:
    """Return the episode with some fields changed and the id that fits."""
    fields = {name: getattr(episode, name) for name in Episode.model_fields if name != "id"}
    return Episode.make(**(fields | changes))


def _hooks(episode: Episode) -> tuple[Hook, ...]:
    return episode.turns[-1].hooks


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _more(value: Value) -> Value:
    return value + 1 if isinstance(value, int | float) else value


def _replaced(hooks: Sequence[Hook], at: int, hook: Hook) -> list[Hook]:
    return [*hooks[:at], hook, *hooks[at + 1 :]]


def _number(episode: Episode) -> Episode | None:
    for at, hook in enumerate(_hooks(episode)):
        if _is_number(hook.value):
            forged = hook.replace(value=_more(hook.value))
            return with_hooks(episode, _replaced(_hooks(episode), at, forged))
    return None


def _rehashed_answer(episode: Episode) -> Episode | None:
    """Change the answer everywhere it stands, with its hash."""
    *others, last = _hooks(episode)
    if not _is_number(last.value):
        return None
    value = _more(last.value)
    forged = with_hooks(episode, [*others, last.replace(value=value, value_hash=content_id(value))])
    return resealed(forged, submission=value)


def _submission(episode: Episode) -> Episode | None:
    if not _is_number(episode.submission):
        return None
    return resealed(episode, submission=_more(episode.submission))


def _order(episode: Episode) -> Episode | None:
    hooks = _hooks(episode)
    if len(hooks) < 2:
        return None
    return with_hooks(episode, [*hooks[:-2], hooks[-1], hooks[-2]])


def _dropped(episode: Episode) -> Episode | None:
    hooks = _hooks(episode)
    return with_hooks(episode, hooks[:-2] + hooks[-1:]) if len(hooks) >= 2 else None


def _claimed_reading(episode: Episode) -> Episode | None:
    reading = episode.verdict.replace(matched_interpretation="a reading that nobody asked for")
    return resealed(episode, verdict=reading) if episode.verdict.correct else None


def _claimed_agreement(episode: Episode) -> Episode | None:
    figures = episode.consistency.replace(runs=8, clusters=2, majority=8, confidence=1.0)
    return resealed(episode, consistency=figures)


def _label(episode: Episode) -> Episode | None:
    for at, hook in enumerate(_hooks(episode)):
        if isinstance(hook.value, str) and hook.coverage == "whole":
            forged = hook.replace(value=WRONG_LABEL)
            return with_hooks(episode, _replaced(_hooks(episode), at, forged))
    return None


def _exchanged_labels(episode: Episode) -> Episode | None:
    for at, hook in enumerate(_hooks(episode)):
        groups = hook.value
        if isinstance(groups, dict) and len(groups) >= 2 and hook.coverage == "whole":
            left, right, *_ = groups
            swapped = {**groups, left: groups[right], right: groups[left]}
            if swapped != groups:
                forged = hook.replace(value=swapped)
                return with_hooks(episode, _replaced(_hooks(episode), at, forged))
    return None


def _forged(episode: Episode) -> Episode | None:
    """Ground the last hook on a line that was not executed but begins like the one that was."""
    *others, last = _hooks(episode)
    return with_hooks(episode, [*others, last.replace(code_line=last.code_line + "0")])


def _forged_dependency(episode: Episode) -> Episode | None:
    *others, last = _hooks(episode)
    return with_hooks(episode, [*others, last.replace(depends_on=())]) if last.depends_on else None


def _unit(episode: Episode) -> Episode | None:
    if not _is_number(episode.submission):
        return None
    return resealed(episode, submission=f"{episode.submission} {WRONG_UNIT}")


def _misaligned(episode: Episode) -> Episode | None:
    """Put another code beside the execution, as a list that lost an item would."""
    turn = episode.turns[-1]
    other = turn.execution.replace(code_hash=content_id("another code"))
    return resealed(episode, turns=(*episode.turns[:-1], turn.replace(execution=other)))


EPISODE_CORRUPTIONS: tuple[EpisodeCorruption, ...] = (
    EpisodeCorruption(name="number of a hook", kind="number", apply=_number),
    EpisodeCorruption(name="answer with its hash", kind="number", apply=_rehashed_answer),
    EpisodeCorruption(name="number of the submission", kind="number", apply=_submission),
    EpisodeCorruption(name="two hooks exchanged", kind="order", apply=_order),
    EpisodeCorruption(name="hook left out", kind="dropped_step", apply=_dropped),
    EpisodeCorruption(name="reading", kind="unsupported_claim", apply=_claimed_reading),
    EpisodeCorruption(name="agreement", kind="unsupported_claim", apply=_claimed_agreement),
    EpisodeCorruption(name="label of a hook", kind="swapped_label", apply=_label),
    EpisodeCorruption(name="two groups exchanged", kind="swapped_label", apply=_exchanged_labels),
    EpisodeCorruption(name="line that was not run", kind="forged_hook", apply=_forged),
    EpisodeCorruption(name="dependency", kind="forged_hook", apply=_forged_dependency),
    EpisodeCorruption(name="unit of the submission", kind="wrong_unit", apply=_unit),
    EpisodeCorruption(name="code of another execution", kind="alignment", apply=_misaligned),
)
