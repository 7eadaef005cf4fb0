"""The flow from a verified episode to a trace."""

from __future__ import annotations

from importlib.metadata import version

from tracemill_datagen.episode.verify import is_accepted
from tracemill_datagen.errors import Rejected
from tracemill_datagen.trace.prompt import prompt_of
from tracemill_datagen.trace.step import steps_of
from tracemill_datagen.trace.tag import TAG_IN_TEXT, tag_place
from tracemill_schema.answer import show
from tracemill_schema.episode import Episode
from tracemill_schema.question import Question
from tracemill_schema.table import Table
from tracemill_schema.trace import TRACE_VERSION, Provenance, Trace


def build_trace(episode: Episode, question: Question, table: Table) -> Trace:
    """Make the trace of an accepted episode: prompt, a step per hook, the submission.

    Raises:
        Rejected: if the episode did not solve its question, the reason being its failure class,
            or (``tag_in_text``) if a text of the table holds a tag of training text.
    """
    if not is_accepted(episode):
        raise Rejected(episode.failure, f"episode {episode.id[:16]}: {episode.verdict.reason}")
    trace = Trace.make(
        trace_version=TRACE_VERSION,
        prompt=prompt_of(question, table),
        steps=steps_of(episode.turns[-1].hooks, unit=question.answer_spec.unit),
        final_answer=show(episode.submission),
        answer_spec=question.answer_spec,
        provenance=Provenance(
            question_id=question.id,
            episode_id=episode.id,
            family=question.family,
            generator=generator(),
            seed=question.seed,
            licence=table.licence,
        ),
    )
    place = tag_place(trace)
    if place is not None:
        raise Rejected(TAG_IN_TEXT, f"episode {episode.id[:16]}: {place} holds a tag")
    return trace


def generator() -> str:
    """Return the name and version of this package, as traces carry it."""
    return f"tracemill-datagen {version('tracemill-datagen')}"
