"""Pairs of a trace and its question, read from the folders of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.check import check_trace
from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.line import read_lines
from tracemill_datagen.sealed import Sealed
from tracemill_datagen.trace.tag import TAG_IN_TEXT, tag_place
from tracemill_schema.canonical import short
from tracemill_schema.errors import RecordError
from tracemill_schema.question import SOURCES, Question
from tracemill_schema.trace import Trace


@dataclass(frozen=True, kw_only=True)
class PairFile:
    """A file of traces, and the file that holds their questions."""

    traces: Path
    questions: Path


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A trace and the question that it answers."""

    question: Sealed[Question]
    trace: Sealed[Trace]


def find_pair_files(*, tasks: Path, traces: Path, questions: Path) -> tuple[PairFile, ...]:
    """Return what there is, in one fixed order; folders that are missing hold nothing."""
    found = [
        PairFile(traces=path, questions=path.with_name(f"{_stem(path)}.questions.jsonl"))
        for path in sorted(tasks.glob("*.traces.jsonl"))
    ]
    for source in SOURCES:
        found += [
            PairFile(traces=path, questions=questions / source / path.name)
            for path in sorted((traces / source).glob("*.jsonl"))
        ]
    return tuple(found)


def read_pairs(file: PairFile, *, root: Path) -> Iterator[Pair | LineFault]:
    """Yield the pairs of a file in order; every wrong line as a fault, and then the rest.

    Args:
        file: The two files.
        root: Folder that names in faults are relative to.
    """
    questions: dict[str, Sealed[Question]] = {}
    for found in read_lines(file.questions, Question, name=shown(file.questions, root)):
        if isinstance(found, LineFault):
            yield found
        else:
            questions[found[1].record.id] = found[1]
    name = shown(file.traces, root)
    for line in read_lines(file.traces, Trace, name=name):
        yield line if isinstance(line, LineFault) else pair_of(line, questions, name=name)


def pair_of(
    line: tuple[int, Sealed[Trace]], questions: dict[str, Sealed[Question]], *, name: str
) -> Pair | LineFault:
    """Find the question of a trace and check that the trace says it is of that question."""
    number, trace = line
    question = questions.get(trace.record.provenance.question_id)
    if question is None:
        wanted = short(trace.record.provenance.question_id)
        reason = f"wanted question {wanted} beside it, got none of that id"
        pointer = "/provenance/question_id"
        return LineFault(
            file=name, line=number, pointer=pointer, reason=reason, offender=trace.record.id
        )
    fault = origin_fault(question.record, trace.record)
    if fault is not None:
        pointer, reason = fault
        return LineFault(
            file=name, line=number, pointer=pointer, reason=reason, offender=trace.record.id
        )
    return Pair(question=question, trace=trace)


def step_fault_of(pair: Pair, *, name: str, line: int) -> LineFault | None:
    """Replay a trace against its question; return its first wrong step or answer, or None."""
    trace = pair.trace.record
    try:
        step = check_trace(pair.question.record, trace)
    except RecordError as error:
        return LineFault(file=name, line=line, reason=str(error), offender=trace.id)
    if step is None:
        return None
    pointer = "/final_answer" if step.step >= len(trace.steps) else f"/steps/{step.step}"
    reason = f"{step.reason} (trace {short(trace.id)})"
    return LineFault(
        file=name, line=line, pointer=pointer, reason=reason, kind="replay", offender=trace.id
    )


def origin_fault(question: Question, trace: Trace) -> tuple[str, str] | None:
    """Return pointer and reason if the trace is not what its question says; None if it is.

    About a table, a line on that table may stand after the question's text.
    """
    if trace.provenance.family != question.family:
        reason = f"wanted {question.family}, as the question says, got {trace.provenance.family}"
        return "/provenance/family", reason
    if trace.answer_spec != question.answer_spec:
        return "/answer_spec", "wanted the question's answer_spec, got another"
    about_table = question.table_id is not None and trace.prompt.startswith(f"{question.prompt}\n")
    if trace.prompt != question.prompt and not about_table:
        return "/prompt", f"wanted {question.prompt[:80]!r}, got {trace.prompt[:80]!r}"
    pointer = tag_place(trace)
    if pointer is not None:
        reason = f"wanted text without the tags of training text, got one ({TAG_IN_TEXT})"
        return pointer, reason
    return None


def shown(path: Path, root: Path) -> str:
    """Return a path as faults show it: relative to ``root`` where it lies below."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _stem(path: Path) -> str:
    return path.name.removesuffix(".traces.jsonl")
