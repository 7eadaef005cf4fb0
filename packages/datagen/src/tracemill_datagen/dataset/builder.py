"""The way from traces to a dataset: read, drop duplicates, split, write, verify, publish.

Everything is written to a folder beside the final one; its manifest comes last and names only
what is on disk; what was written is verified as a stranger would; then the folder is renamed into
place. A build that was killed leaves the old
state, and the next one starts over and gives the same bytes. Only ``created_at`` differs, which
is no part of the dataset's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.dataset import split as splitting
from tracemill_datagen.dataset.clock import Clock, instant
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.dataset.content import (
    DUPLICATE_METHOD,
    MANIFEST,
    Tally,
    duplicate_key,
    examples_path,
    questions_path,
    traces_path,
)
from tracemill_datagen.dataset.errors import FaultyLines, LineFault, NothingToWrite
from tracemill_datagen.dataset.pair import Pair, PairFile, find_pair_files, read_pairs
from tracemill_datagen.dataset.publish import Place
from tracemill_datagen.dataset.verify import Verified, verify
from tracemill_datagen.output import OutputFile
from tracemill_datagen.source import GENERATOR, source_tree
from tracemill_schema.dataset import DataFile, Dataset, OverlapReport, Split
from tracemill_schema.example import FORMS, Example, example_of
from tracemill_schema.jsonl import write_record
from tracemill_schema.question import Question
from tracemill_schema.record import Record
from tracemill_schema.trace import Trace

Report = Callable[[str, int, int], None]
"""``report(part of the way, done, total)``."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """A verified dataset, and whether an identical one stood there already.

    ``started`` and ``finished`` are the instants between which it was verified.
    """

    manifest: Dataset
    folder: Path
    kept: bool
    verified: Verified
    started: str
    finished: str


def build(config: DatasetConfig, workspace: Path, *, now: Clock, report: Report) -> Built:
    """Build the dataset that ``config`` describes.

    Raises:
        FaultyLines: if any input line is wrong; all are listed and nothing is published.
        NothingToWrite: if the folders hold no trace.
        VersionExists: if the key stands for other content and ``give_up`` is not set.
        CannotWrite: if the disk refused; what stood there before still does.
    """
    place = Place(workspace / config.out, config.key)
    place.recover()
    try:
        manifest = _write(config, workspace, place, now, report)
        started = instant(now())
        verified = verify(
            place.staging,
            tick=lambda done, total: report("dataset verify", done, total),
            episodes=workspace / config.episodes if config.episodes else None,
        )
        if verified.faults:
            remedy = "nothing was published; remake the traces with the stage that wrote them"
            raise FaultyLines(where=config.key, faults=verified.faults, remedy=remedy)
        finished = instant(now())
        kept = place.publish(manifest, replace=config.give_up)
    finally:
        place.discard()
    return Built(
        manifest=manifest,
        folder=place.folder,
        kept=kept,
        verified=verified,
        started=started,
        finished=finished,
    )


def _write(
    config: DatasetConfig, workspace: Path, place: Place, now: Clock, report: Report
) -> Dataset:
    files = find_pair_files(
        tasks=workspace / config.tasks,
        traces=workspace / config.traces,
        questions=workspace / config.questions,
    )
    with _Writer(place.staging) as writer:
        for pair in _sound_pairs(files, workspace, report):
            group = pair.question.record.split_group
            writer.add(pair, splitting.split_of(group, seed=config.seed, shares=config.shares))
    if not writer.tally.total:
        raise NothingToWrite(
            f"{workspace}: wanted traces in {config.tasks}/ or {config.traces}/, got none; "
            "run the stages before, or name the folders that hold them"
        )
    manifest = _manifest(config, writer, created_at=instant(now()))
    write_record(place.staging / MANIFEST, manifest)
    return manifest


def _sound_pairs(files: tuple[PairFile, ...], root: Path, report: Report) -> Iterator[Pair]:
    """Yield the pairs; once a line is wrong only faults are collected, to be raised together."""
    faults: list[LineFault] = []
    for done, file in enumerate(files, start=1):
        for found in read_pairs(file, root=root):
            if isinstance(found, LineFault):
                faults.append(found)
            elif not faults:
                yield found
        report("dataset build", done, len(files))
    if faults:
        remedy = "remake these files with the stage that wrote them"
        raise FaultyLines(where=str(root), faults=tuple(faults), remedy=remedy)


class _Writer:
    """The files of all splits while they grow; a file that stays empty is never made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._files: dict[str, OutputFile] = {}
        self._keys: set[bytes] = set()
        self._questions: set[str] = set()
        self.tally = Tally()
        self.duplicates = 0

    def __enter__(self) -> _Writer:
        self._stack.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._stack.__exit__(*details)  # type: ignore[arg-type]  # handed on as they came

    def add(self, pair: Pair, split: Split) -> None:
        """Write a trace, its examples and, the first time, its question; or drop a duplicate."""
        key = duplicate_key(pair.trace.record)
        if key in self._keys:
            self.duplicates += 1
            return
        self._keys.add(key)
        self.tally.add(pair, split)
        self._write(traces_path(split), pair.trace.data)
        for form in FORMS:
            self._write(examples_path(form, split), example_of(pair.trace.record, form).to_bytes())
        if pair.question.record.id not in self._questions:
            self._questions.add(pair.question.record.id)
            self._write(questions_path(split), pair.question.data)

    def files(self) -> tuple[DataFile, ...]:
        """Return what was written, sorted by path."""
        return tuple(
            DataFile(path=path, sha256=file.sha256, rows=file.rows, bytes=file.bytes)
            for path, file in sorted(self._files.items())
        )

    def _write(self, path: str, line: bytes) -> None:
        if path not in self._files:
            self._files[path] = self._stack.enter_context(OutputFile(self._folder / path))
        self._files[path].write(line)


def _manifest(config: DatasetConfig, writer: _Writer, *, created_at: str) -> Dataset:
    return Dataset.make(
        key=config.key,
        version=int(config.key.rpartition("-v")[2]),
        created_at=created_at,
        source=config.source,
        schema_versions=_schema_versions(Dataset, Question, Trace, Example),
        generator_version=GENERATOR,
        source_tree=source_tree(),
        seed=config.seed,
        counts=writer.tally.counts(),
        files=writer.files(),
        split_rule=splitting.rule(seed=config.seed, shares=config.shares),
        overlap=OverlapReport(
            duplicates_removed=writer.duplicates,
            overlap_between_splits=0,
            method=DUPLICATE_METHOD,
        ),
        licences=dict(sorted(writer.tally.licence.items())),
    )


def _schema_versions(*kinds: type[Record]) -> dict[str, str]:
    parts = (kind.contract.partition(".v") for kind in kinds)
    return {name: version for name, _, version in parts}
