"""An episode as a person reads it."""

from __future__ import annotations

from tracemill_schema.answer import show
from tracemill_schema.canonical import short
from tracemill_schema.episode import Episode, Hook, Turn


def shown(episode: Episode) -> str:
    """Return an episode as text: each turn's reasoning, code and hooks, then the verdict."""
    solver = episode.solver
    head = f"episode {short(episode.id)}  question {short(episode.question_id)}  by {solver.kind}"
    agreed = episode.consistency
    lines = [
        head,
        *(line for turn in episode.turns for line in _turn(turn)),
        "",
        f"submission  {show(episode.submission)}",
        f"verdict     {episode.verdict.reason}"
        + (f" ({episode.verdict.matched_interpretation})" if episode.verdict.correct else ""),
        f"agreement   {agreed.majority} of {agreed.runs} runs",
        f"sandbox     {episode.sandbox.backend}, {episode.sandbox.tier}",
    ]
    return "\n".join(lines)


def _turn(turn: Turn) -> list[str]:
    ended = "ran to its end" if turn.execution.ok else "failed"
    return [
        "",
        f"turn {turn.i}  {turn.reasoning}",
        "",
        *(f"  {line}" for line in turn.code.rstrip("\n").split("\n")),
        "",
        f"  {ended}",
        *(f"  {_hook(hook)}" for hook in turn.hooks),
    ]


def _hook(hook: Hook) -> str:
    needs = f"  from {', '.join(hook.depends_on)}" if hook.depends_on else ""
    return f"line {hook.line_number}  {hook.name} = {show(hook.value)[:200]}{needs}"
