"""Writing a dataset, or some splits and families of it, in one form to one file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from tracemill_datagen.dataset.content import MANIFEST, questions_path, traces_path
from tracemill_datagen.dataset.errors import FaultyLines, LineFault, NothingToWrite
from tracemill_datagen.export.form import ExportForm
from tracemill_datagen.output import OutputFile
from tracemill_schema.canonical import file_digest, short
from tracemill_schema.dataset import Dataset, Split
from tracemill_schema.jsonl import read_record, read_records
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace


def export(
    folder: Path,
    form: ExportForm,
    out: Path,
    *,
    splits: Collection[Split],
    families: Collection[str] = (),
) -> int:
    """Write the traces of a dataset to ``out``, replaced as a whole; return the rows.

    Args:
        folder: The dataset.
        form: What a line looks like.
        out: The file to write.
        splits: Splits to take, in the order given.
        families: Families to take; empty takes all.

    Raises:
        RecordError: if the manifest or a line is not valid.
        FaultyLines: if a file is not the one that the manifest names.
        NothingToWrite: if nothing matches; ``out`` is left as it was.
    """
    manifest = read_record(folder / MANIFEST, Dataset)
    _check_files(folder, manifest)
    chosen = [split for split in splits if manifest.counts.split.get(split)]
    if not any(True for _ in _rows(folder, chosen, families)):
        wanted = ", ".join(families) or "any family"
        held = ", ".join(f"{name} {count}" for name, count in manifest.counts.family.items())
        raise NothingToWrite(
            f"{folder}: wanted traces of {wanted} in {', '.join(splits)}, got none; "
            f"the dataset holds: {held}"
        )
    with OutputFile(out) as file:
        for question, trace in _rows(folder, chosen, families):
            file.write(form.record(question, trace).to_bytes())
    return file.rows


def _check_files(folder: Path, manifest: Dataset) -> None:
    faults = [
        LineFault(file=file.path, line=0, reason=f"is not the file {short(file.sha256)}")
        for file in manifest.files
        if not (folder / file.path).is_file() or file_digest(folder / file.path) != file.sha256
    ]
    if faults:
        remedy = "build the dataset again"
        raise FaultyLines(where=str(folder), faults=tuple(faults), remedy=remedy)


def _rows(
    folder: Path, splits: Collection[Split], families: Collection[str]
) -> Iterator[tuple[Question, Trace]]:
    for split in splits:
        questions = {
            each.id: each for each in read_records(folder / questions_path(split), Question)
        }
        for trace in read_records(folder / traces_path(split), Trace):
            if not families or trace.provenance.family in families:
                yield questions[trace.provenance.question_id], trace
