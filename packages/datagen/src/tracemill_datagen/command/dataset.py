# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill dataset``: build, verify, look at, export and ingest datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tracemill_schema.canonical import JsonObject
    from tracemill_schema.dataset import Dataset

FOLDER = click.Path(file_okay=False, path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group(name="dataset")
def dataset() -> None:
    """Datasets: versioned, verified, and never changed once they stand."""


@dataset.command(name="build")
@click.argument("key")
@click.option("--workspace", type=FOLDER, default=".", help="Folder that the others lie in.")
@click.option("--tasks", default="tasks", show_default=True, help="Reasoning tasks.")
@click.option("--traces", default="traces", show_default=True, help="Traces by source.")
@click.option("--questions", default="questions", show_default=True, help="Questions by source.")
@click.option("--episodes", help="Episodes by source: prove what traces about tables quote.")
@click.option("--out", default="datasets", show_default=True, help="Folder of all datasets.")
@click.option("--source", default="tracemill dataset build", help="What it is made from, in words.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--replace", "give_up", is_flag=True, help="Give up an existing version of KEY.")
@JSON
def build_(
    *,
    workspace: Path,
    as_json: bool,
    **options: str | int | bool | None,
) -> None:
    """Build, verify and publish dataset KEY (name-vN) from the traces of a workspace.

    \b
    Example:
      tracemill dataset build demo-v1 --workspace runs/demo
    """
    from tracemill_datagen.command.tell import drawn, tell_json
    from tracemill_datagen.dataset.builder import build
    from tracemill_datagen.dataset.clock import utc_now
    from tracemill_datagen.dataset.config import DatasetConfig

    options["replace"] = options.pop("give_up")
    config = DatasetConfig.from_values(options, where="options of dataset build")
    with drawn() as report:
        built = build(config, workspace, now=utc_now, report=report)
    if as_json:
        tell_json(built.manifest.to_values())
        return
    state = "stands already, unchanged" if built.kept else "built and verified"
    click.echo(f"{built.folder}: {state}")
    _describe(built.manifest)


@dataset.command(name="verify")
@click.argument("folder", type=FOLDER)
@click.option(
    "--episodes",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Episodes by source: prove what traces about tables quote.",
)
@JSON
def verify_(*, folder: Path, episodes: Path | None, as_json: bool) -> None:
    """Hash, validate and replay everything again; exit 1 if anything is wrong.

    Without --episodes the values that traces about tables quote are believed, and counted.

    \b
    Example:
      tracemill dataset verify datasets/demo-v1
    """
    from tracemill_datagen.command.tell import drawn, tell_json
    from tracemill_datagen.dataset.errors import FaultyLines
    from tracemill_datagen.dataset.verify import verify

    with drawn() as report:
        verified = verify(
            folder, tick=lambda done, total: report("verify", done, total), episodes=episodes
        )
    if as_json:
        told: JsonObject = {
            "traces": verified.traces,
            "faults": [dict(vars(fault)) for fault in verified.faults],
            "quotes": verified.quotes,
            "unproved_quotes": verified.unproved,
        }
        tell_json(told)
    if verified.faults:
        remedy = "the dataset must not be used; build it again"
        raise FaultyLines(where=str(folder), faults=verified.faults, remedy=remedy)
    if not as_json:
        click.echo(f"{folder}: sound, {verified.in_words}")


@dataset.command(name="list")
@click.argument("folder", type=FOLDER, default="datasets")
@JSON
def list_(*, folder: Path, as_json: bool) -> None:
    """List the datasets of a folder.

    \b
    Example:
      tracemill dataset list datasets
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_schema.canonical import short

    found = [_manifest(path.parent) for path in sorted(folder.glob("[!.]*/manifest.json"))]
    if as_json:
        tell_json([{"key": m.key, "id": m.id, "traces": m.counts.total} for m in found])
        return
    if not found:
        click.echo(f"{folder}: no datasets; make one with: tracemill dataset build KEY")
    for manifest in found:
        total = f"{manifest.counts.total:>9,} traces"
        click.echo(f"{manifest.key:20} {short(manifest.id)} {total}  {manifest.created_at}")


@dataset.command(name="show")
@click.argument("folder", type=FOLDER)
@click.option("--split", type=click.Choice(["train", "validation", "test"]), default="train")
@click.option("--row", type=click.IntRange(min=1), default=1, show_default=True)
@JSON
def show(*, folder: Path, split: str, row: int, as_json: bool) -> None:
    """Show one trace of a dataset.

    \b
    Example:
      tracemill dataset show datasets/demo-v1 --split test --row 3
    """
    from itertools import islice

    from tracemill_datagen.command.tell import tell_json
    from tracemill_datagen.errors import BadRequest
    from tracemill_schema.jsonl import read_records
    from tracemill_schema.trace import Trace

    held = _manifest(folder).counts.split.get(split, 0)
    if row > held:
        raise BadRequest(f"{folder}: {split} holds {held} traces, row {row} was asked for")
    path = folder / "traces" / f"{split}.jsonl"
    trace = next(islice(read_records(path, Trace), row - 1, None))
    if as_json:
        tell_json(trace.to_values())
        return
    click.echo(f"{trace.prompt}\n")
    for step in trace.steps:
        click.echo(f"  {step.i:>3}  {step.content}")
    click.echo(f"\nanswer {trace.final_answer}   ({trace.provenance.family}, {trace.id[:16]})")


@dataset.command(name="stats")
@click.argument("folder", type=FOLDER)
@JSON
def stats(*, folder: Path, as_json: bool) -> None:
    """Print what a dataset holds, by source, family, split and bucket.

    \b
    Example:
      tracemill dataset stats datasets/demo-v1
    """
    from tracemill_datagen.command.tell import tell_json

    manifest = _manifest(folder)
    if as_json:
        tell_json(manifest.to_values())
    else:
        _describe(manifest)


@dataset.command(name="export")
@click.argument("folder", type=FOLDER)
@click.option("--format", "form", required=True, help="trace, sft, answer, chat or prompt.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--split",
    "splits",
    multiple=True,
    type=click.Choice(["train", "validation", "test"]),
    default=("train",),
    show_default=True,
)
@click.option("--family", "families", multiple=True, help="Only this family; may be repeated.")
@JSON
def export_(
    *,
    folder: Path,
    form: str,
    out: Path,
    splits: tuple[str, ...],
    families: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a dataset in one form to one JSONL file.

    \b
    Example:
      tracemill dataset export datasets/demo-v1 --format chat --out chat.jsonl
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_datagen.export.form import by_name
    from tracemill_datagen.export.write import export
    from tracemill_schema.dataset import SPLITS

    chosen = [split for split in SPLITS if split in splits]
    rows = export(folder, by_name(form), out, splits=chosen, families=families)
    if as_json:
        tell_json({"out": str(out), "format": form, "rows": rows})
    else:
        click.echo(f"{out}: {rows} rows, format {form}")


@dataset.command(name="ingest")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--from-v1", is_flag=True, help="Read flat trace_steps and convert them.")
@click.option("--out", type=FOLDER, required=True, help="Folder for traces and rejects.")
@click.option(
    "--source",
    type=click.Choice(["llm", "template", "procedural"]),
    default="llm",
    show_default=True,
    help="Where the traces come from.",
)
@click.option("--licence", required=True, help="Licence of the data, for instance CC-BY-4.0.")
@JSON
def ingest_(
    *,
    file: Path,
    from_v1: bool,
    out: Path,
    source: str,
    licence: str,
    as_json: bool,
) -> None:
    """Convert flat traces (v1); every refused line is reported; exit 1 if there is one.

    \b
    Example:
      tracemill dataset ingest old.jsonl --from-v1 --licence CC0-1.0 --out tasks
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_datagen.dataset.errors import FaultyLines
    from tracemill_datagen.dataset.ingest import FAMILY, ingest
    from tracemill_datagen.errors import BadRequest
    from tracemill_schema.question import SOURCES

    if not from_v1:
        raise BadRequest("only flat traces are read so far; say so with --from-v1")
    chosen = next(each for each in SOURCES if each == source)
    result = ingest(file, out, source=chosen, licence=licence)
    counts = {
        "traces": result.traces,
        "duplicates": result.duplicates,
        "rejected_lines": result.rejected_lines,
    }
    if as_json:
        tell_json(counts)
    else:
        click.echo(
            f"{file}: converted from flat trace_steps (v1) to trace.v1: {result.traces} traces, "
            f"{result.duplicates} duplicates left out, {result.rejected_lines} lines refused"
        )
    if result.rejects:
        remedy = f"all are in {out / FAMILY}.rejects.jsonl; the other lines were converted"
        raise FaultyLines(where=str(file), faults=result.rejects, remedy=remedy)


def _manifest(folder: Path) -> Dataset:
    from tracemill_schema.dataset import Dataset
    from tracemill_schema.jsonl import read_record

    return read_record(folder / "manifest.json", Dataset)


def _describe(manifest: Dataset) -> None:
    click.echo(f"{manifest.key}  {manifest.id}")
    click.echo(f"  created {manifest.created_at} from {manifest.source}")
    parts = {
        "source": manifest.counts.source,
        "family": manifest.counts.family,
        "split": manifest.counts.split,
        "bucket": manifest.counts.bucket,
        "licence": manifest.licences,
    }
    for name, counts in parts.items():
        listed = ", ".join(f"{key} {count:,}" for key, count in counts.items())
        click.echo(f"  {name:8} {listed}")
    click.echo(f"  {manifest.overlap.duplicates_removed} duplicates left out; 0 across splits")
