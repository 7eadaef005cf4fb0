"""Triangulation: how far several answers to one question agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracemill_schema.answer import AnswerSpec, judge
from tracemill_schema.canonical import Value
from tracemill_schema.episode import Consistency


@dataclass(frozen=True, kw_only=True)
class Triangulation:
    """The figures, and which submissions fell together.

    Attributes:
        consistency: The figures for the episode.
        clusters: Indices of the submissions, each cluster ascending; the largest cluster first,
            among equally large ones the one with the smallest index.
    """

    consistency: Consistency
    clusters: tuple[tuple[int, ...], ...]


def triangulate(
    submissions: Sequence[Value], spec: AnswerSpec, *, without_answer: int = 0
) -> Triangulation:
    """Group submissions that are the same answer under ``spec``.

    Two submissions are the same if each would be accepted with the other as gold; what cannot be
    read agrees with nothing. The groups do not depend on the order of the submissions.

    Args:
        submissions: One answer per run that gave one; null is the answer "no value".
        spec: The question's answer spec.
        without_answer: Runs that gave no answer; they count as runs and agree with nothing.
    """
    leader = list(range(len(submissions)))
    for right in range(len(submissions)):
        for left in range(right):
            if leader[left] != leader[right] and _same(spec, submissions[left], submissions[right]):
                merged, kept = sorted((leader[left], leader[right]), reverse=True)
                leader = [kept if group == merged else group for group in leader]
    groups: dict[int, list[int]] = {}
    for index, group in enumerate(leader):
        groups.setdefault(group, []).append(index)
    clusters = sorted((tuple(group) for group in groups.values()), key=lambda g: (-len(g), g))
    return Triangulation(
        consistency=_figures(len(submissions) + without_answer, clusters),
        clusters=tuple(clusters),
    )


def _same(spec: AnswerSpec, left: Value, right: Value) -> bool:
    return judge(spec, left, right).correct and judge(spec, right, left).correct


def _figures(runs: int, clusters: Sequence[tuple[int, ...]]) -> Consistency:
    majority = len(clusters[0]) if clusters else 0
    return Consistency(
        runs=max(1, runs),
        clusters=max(1, len(clusters)),
        majority=majority,
        confidence=majority / max(1, runs),
    )
