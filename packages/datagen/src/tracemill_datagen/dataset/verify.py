"""Is a dataset what its manifest says? Everything is looked at again, nothing is believed.

Files are hashed, lines validated and their ids computed, every claim replayed, duplicates and
overlaps between splits searched, counts added up. Where the episodes are at hand, every step about
a table is held against the execution that it quotes; where not, such quotes are counted as
unproved. All faults are reported, with file and line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tracemill_datagen.dataset.content import (
    MANIFEST,
    Tally,
    all_paths,
    duplicate_key,
    examples_path,
    questions_path,
    traces_path,
)
from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.line import faults_of, raw_lines, read_lines
from tracemill_datagen.dataset.pair import Pair, pair_of, step_fault_of
from tracemill_datagen.dataset.proof import Episodes, proof_fault_of, quotes_in
from tracemill_datagen.sealed import Sealed
from tracemill_schema.canonical import file_digest, short
from tracemill_schema.dataset import SPLITS, DataFile, Dataset, Split
from tracemill_schema.errors import RecordError
from tracemill_schema.example import FORMS, Example, Form, example_of
from tracemill_schema.jsonl import read_record
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace

Tick = Callable[[int, int], None]
"""``tick(splits done, splits in all)``."""


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a verification found.

    Attributes:
        manifest: The manifest, None if it could not be read.
        traces: Traces that were looked at.
        faults: All faults; empty for a sound dataset.
        quotes: Quoted values in traces about tables, which replay alone believes.
        unproved: How many of them were not held against an episode: all without episodes, else 0.
    """

    manifest: Dataset | None
    traces: int
    faults: tuple[LineFault, ...]
    quotes: int = 0
    unproved: int = 0

    @property
    def in_words(self) -> str:
        """Say what was looked at, and plainly what was only believed."""
        replayed = f"{self.traces} traces replayed"
        if self.unproved:
            hint = "give --episodes to prove them"
            return f"{replayed}, {self.unproved} quotes not re-proved ({hint})"
        proved = f", {self.quotes} quotes proved by their episodes" if self.quotes else ""
        return replayed + proved


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What has been seen in the splits so far, each with where it was; and what proves it."""

    episodes: Episodes | None
    keys: dict[bytes, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Split] = field(default_factory=dict)
    programs: dict[tuple[str, str], Split] = field(default_factory=dict)
    quotes: Counter[Split] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)


def verify(folder: Path, *, tick: Tick, episodes: Path | None = None) -> Verified:
    """Verify the dataset in ``folder``; faults are returned, never raised.

    Args:
        folder: The dataset.
        tick: Told after each split.
        episodes: Folder of the episodes that prove its traces about tables, if it is at hand.
    """
    try:
        manifest = read_record(folder / MANIFEST, Dataset)
    except RecordError as error:
        faulty = faults_of(error, file=MANIFEST, line=0, kind="manifest")
        return Verified(manifest=None, traces=0, faults=faulty)
    faults = list(_files(folder, manifest))
    seen = _Seen(episodes=Episodes(episodes) if episodes else None)
    listed = {file.path for file in manifest.files}
    for done, split in enumerate(SPLITS, start=1):
        if listed & set(all_paths(split)):
            faults += _split(folder, split, seen)
        tick(done, len(SPLITS))
    faults += _counts(manifest, seen.tally)
    quotes = seen.quotes.total()
    return Verified(
        manifest=manifest,
        traces=seen.tally.total,
        faults=tuple(faults),
        quotes=quotes,
        unproved=0 if episodes else quotes,
    )


def _files(folder: Path, manifest: Dataset) -> Iterator[LineFault]:
    """Compare the files on disk with the manifest's list, in both directions."""
    known = {path for split in SPLITS for path in all_paths(split)}
    for file in manifest.files:
        if file.path in known:
            yield from _file(folder / file.path, file)
        else:
            reason = "wanted a file of a split, got a path that no dataset has"
            yield _file_fault(file.path, reason, file.sha256)
    listed = {file.path for file in manifest.files} | {MANIFEST}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in listed:
            yield _file_fault(name, "is not in the manifest", file_digest(path))


def _file(path: Path, file: DataFile) -> Iterator[LineFault]:
    if not path.is_file():
        yield _file_fault(file.path, "is in the manifest but not on disk", file.sha256)
        return
    digest = file_digest(path)
    if digest != file.sha256:
        reason = f"wanted SHA-256 {short(file.sha256)}, got {short(digest)}"
        yield _file_fault(file.path, reason, file.sha256)
    size = path.stat().st_size
    if size != file.bytes:
        yield _file_fault(file.path, f"wanted {file.bytes} bytes, got {size}", file.sha256)
    with path.open("rb") as stream:
        rows = sum(1 for _ in stream)
    if rows != file.rows:
        yield _file_fault(file.path, f"wanted {file.rows} rows, got {rows}", file.sha256)


def _file_fault(name: str, reason: str, digest: str, pointer: str = "") -> LineFault:
    return LineFault(
        file=name, line=0, pointer=pointer, reason=reason, kind="manifest", offender=digest
    )


def _split(folder: Path, split: Split, seen: _Seen) -> Iterator[LineFault]:
    questions: dict[str, Sealed[Question]] = {}
    name = questions_path(split)
    for found in read_lines(folder / name, Question, name=name):
        if isinstance(found, LineFault):
            yield found
            continue
        number, question = found
        yield from _once(question.record.id, seen, file=name, line=number)
        questions[question.record.id] = question
    kept: list[Trace] = []
    name = traces_path(split)
    for line in read_lines(folder / name, Trace, name=name):
        if isinstance(line, LineFault):
            yield line
            continue
        kept.append(line[1].record)
        yield from _trace(line, questions, split, seen)
    for form in FORMS:
        yield from _examples(folder, form, split, kept)
    yield from _unasked(questions, kept, split)


def _trace(
    line: tuple[int, Sealed[Trace]],
    questions: dict[str, Sealed[Question]],
    split: Split,
    seen: _Seen,
) -> Iterator[LineFault]:
    number, trace = line
    name = traces_path(split)
    yield from _once(trace.record.id, seen, file=name, line=number)
    place = f"{name} line {number}"
    first = seen.keys.setdefault(duplicate_key(trace.record), place)
    if first != place:
        reason = f"has the prompt and the answer of {first}"
        offender = trace.record.id
        yield LineFault(file=name, line=number, reason=reason, kind="duplicate", offender=offender)
    pair = pair_of(line, questions, name=name)
    question = questions.get(trace.record.provenance.question_id)
    if question is not None:
        seen.tally.add(Pair(question=question, trace=trace), split)
        for reason in _overlaps(question.record, split, seen):
            yield LineFault(
                file=name, line=number, reason=reason, kind="overlap", offender=trace.record.id
            )
    if isinstance(pair, LineFault):
        yield pair
        return
    if pair.question.record.table_id is not None:
        seen.quotes[split] += quotes_in(trace.record)
    fault = step_fault_of(pair, name=name, line=number)
    if fault is None and seen.episodes is not None:
        fault = proof_fault_of(pair, seen.episodes, name=name, line=number)
    if fault is not None:
        yield fault


def _overlaps(question: Question, split: Split, seen: _Seen) -> Iterator[str]:
    """Say what of a question stands in another split too: its group, or its program."""
    other = seen.groups.setdefault(question.split_group, split)
    if other != split:
        yield f"belongs to group {question.split_group!r}, which stands in {other} too"
    if question.table_id is None or question.program is None:
        return
    program = (question.table_id, question.program.canonical)
    other = seen.programs.setdefault(program, split)
    if other != split:
        asked = f"{program[1][:80]!r} of table {short(program[0])}"
        yield f"asks {asked}, which is asked in {other} too"


def _once(identifier: str, seen: _Seen, *, file: str, line: int) -> Iterator[LineFault]:
    place = f"{file} line {line}"
    first = seen.ids.setdefault(identifier, place)
    if first != place:
        reason = f"repeats id {short(identifier)} of {first}"
        yield LineFault(
            file=file,
            line=line,
            pointer="/id",
            reason=reason,
            kind="duplicate",
            offender=identifier,
        )


def _examples(folder: Path, form: Form, split: Split, traces: list[Trace]) -> Iterator[LineFault]:
    """Compare each example with the one that its trace gives."""
    name = examples_path(form, split)
    count = 0
    for raw in raw_lines(folder / name, name=name):
        if isinstance(raw, LineFault):
            yield raw
            continue
        number, line = raw
        count = number
        try:
            example = Example.from_bytes(line, where=f"{name} line {number}")
        except RecordError as error:
            yield from faults_of(error, file=name, line=number)
            continue
        if number > len(traces) or example != example_of(traces[number - 1], form):
            reason = f"is not the {form} form of {traces_path(split)} line {number}"
            offender = example.trace_id
            yield LineFault(
                file=name, line=number, reason=reason, kind="alignment", offender=offender
            )
    if count < len(traces):
        reason = f"wanted {len(traces)} examples, one per trace, got {count}"
        offender = traces[count].id
        yield LineFault(file=name, line=0, reason=reason, kind="alignment", offender=offender)


def _unasked(
    questions: dict[str, Sealed[Question]], traces: list[Trace], split: Split
) -> Iterator[LineFault]:
    asked = {trace.provenance.question_id for trace in traces}
    for number, identifier in enumerate(questions, start=1):
        if identifier not in asked:
            reason = f"question {short(identifier)} has no trace in this split"
            yield LineFault(
                file=questions_path(split),
                line=number,
                reason=reason,
                kind="alignment",
                offender=identifier,
            )


def _counts(manifest: Dataset, tally: Tally) -> Iterator[LineFault]:
    wanted = manifest.counts.to_values() | {"licences": manifest.licences}
    if not tally.total:
        yield _file_fault(MANIFEST, "holds no sound trace", manifest.id, pointer="/counts")
        return
    got = tally.counts().to_values() | {"licences": dict(sorted(tally.licence.items()))}
    for name, value in wanted.items():
        if value != got[name]:
            pointer = "/licences" if name == "licences" else f"/counts/{name}"
            reason = f"says {value}, the files hold {got[name]}"
            yield _file_fault(MANIFEST, reason, manifest.id, pointer=pointer)
