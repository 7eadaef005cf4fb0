"""How many questions there are of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.question.explain import status_of
from tracemill_datagen.question.file import question_files, questions
from tracemill_schema.question import Question

BAND = 2
"""Width of a band of difficulty."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts of stored questions.

    Attributes:
        questions: How many there are.
        by: What is counted -> value -> number of questions; values in order. ``family`` is of
            templates, ``shape`` of programs; ``operator`` counts a question once for each operator
            of its program.
    """

    questions: int
    by: Mapping[str, Mapping[str, int]]


def tally(
    paths: Sequence[Path], tell: Callable[[int, int], None] = lambda _done, _total: None
) -> Tally:
    """Count the questions of files and folders.

    Args:
        paths: Files and folders.
        tell: Called with (files read, files in all).

    Raises:
        BadRequest: if a path holds no questions.
        RecordError: at the first line that does not hold one.
    """
    files = question_files(paths)
    counters: dict[str, Counter[str]] = {name: Counter() for name in (*_VALUES, "table")}
    number = 0
    for index, path in enumerate(files):
        for question in questions([path]):
            number += 1
            for name, values in _VALUES.items():
                counters[name].update(values(question))
            counters["table"][path.stem] += 1
        tell(index + 1, len(files))
    by = {name: {key: found[key] for key in sorted(found)} for name, found in counters.items()}
    return Tally(questions=number, by=by)


def band_of(difficulty: float) -> str:
    """Return the band of a difficulty, for instance `` 4 to  6``; bands sort as text."""
    low = int(difficulty // BAND) * BAND
    return f"{low:2} to {low + BAND:2}"


def _operators(question: Question) -> frozenset[str]:
    return (
        frozenset(node.op for node in question.program.nodes) if question.program else frozenset()
    )


_VALUES: Mapping[str, Callable[[Question], Sequence[str] | frozenset[str]]] = {
    "source": lambda q: (q.source,),
    "family": lambda q: (q.family,) if q.source != "procedural" else (),
    "shape": lambda q: (q.family,) if q.source == "procedural" else (),
    "answer": lambda q: (q.answer_spec.kind,),
    "answers": lambda q: (str(len(q.answers)),),
    "status": lambda q: (status_of(q),),
    "difficulty": lambda q: (band_of(q.difficulty),),
    "steps": lambda q: (f"{q.n_steps:2}",),
    "operator": _operators,
}
