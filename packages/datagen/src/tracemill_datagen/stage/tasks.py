"""Stage tasks: the reasoning families' questions and traces, one pair of files per family.

A family whose files are whole and were made by the same code from the same seed is not made
again: ``FAMILY.made.json``, written last, says what the files are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family import catalogue
from tracemill_datagen.output import OutputFile
from tracemill_datagen.source import GENERATOR, deciding_trees
from tracemill_datagen.task import generate
from tracemill_schema import progress
from tracemill_schema.canonical import ContentHash, JsonObject, canonical_bytes, file_digest
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.record import Name, Record

Report = Callable[[str, int, int], None]
"""``report(label, done, total)``, called about once in ``_EVERY`` items and at the end."""
_EVERY = 500
"""Items between two reports: about four a second."""


class TasksConfig(Record):
    """Config of a run of kind ``tasks``."""

    out: str = Field(default="tasks", min_length=1, description="folder, below the workspace")
    seed: int = Field(default=0, ge=0)
    counts: dict[Name, int] = Field(description="reasoning family -> items; 0 makes none")


class Made(Record):
    """What a family's two files hold and what made them."""

    family: Name
    seed: int
    count: int
    generator: str
    source_tree: ContentHash = Field(description="digest of the code that decides what they hold")
    questions: ContentHash
    traces: ContentHash


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Make what ``config`` (a ``TasksConfig``) asks for; return counts by family.

    Raises:
        BadRequest: for an unknown family or a count above its space, before anything is written.
    """
    settings = TasksConfig.from_bytes(canonical_bytes(config), where="config of run kind tasks")

    def report(label: str, done: int, total: int) -> None:
        progress.report(label, done, total)

    made = make(settings, folder / settings.out, report=report)
    return {"families": made, "items": sum(made.values())}


def make(
    settings: TasksConfig, out: Path, *, report: Report, keep_others: bool = False
) -> dict[str, int]:
    """Write the files of every family in ``settings.counts`` below ``out``; return the counts.

    Families that were made there before and are not asked for now are removed, so that no
    dataset is built from them; ``keep_others`` leaves them.
    """
    counts = {name: count for name, count in settings.counts.items() if count}
    for name, count in counts.items():
        _check_count(name, count)
    if not keep_others:
        _remove_others(out, keep=tuple(counts))
    tree = deciding_trees()
    for name, count in counts.items():
        plan = (name, settings.seed, count, GENERATOR, tree)
        if _is_whole(out, plan):
            report(f"tasks {name} (kept)", count, count)
        else:
            write_record(made_path(out, name), _write(out, plan, report))
    return counts


def made_path(out: Path, family: str) -> Path:
    """Return where the stamp of a family lies."""
    return out / f"{family}.made.json"


def _check_count(name: str, count: int) -> None:
    if count < 0:
        raise BadRequest(f"{name}: wanted a count of at least 0, got {count}")
    family = catalogue.by_name(name)
    generate(family, seed=0, count=count)


def _paths(out: Path, family: str) -> tuple[Path, Path]:
    return out / f"{family}.questions.jsonl", out / f"{family}.traces.jsonl"


def _is_whole(out: Path, plan: tuple[str, int, int, str, str]) -> bool:
    try:
        made = read_record(made_path(out, plan[0]), Made)
    except RecordError:
        return False
    questions, traces = _paths(out, plan[0])
    return (
        (made.family, made.seed, made.count, made.generator, made.source_tree) == plan
        and questions.is_file()
        and traces.is_file()
        and made.questions == file_digest(questions)
        and made.traces == file_digest(traces)
    )


def _write(out: Path, plan: tuple[str, int, int, str, str], report: Report) -> Made:
    name, seed, count, generator, tree = plan
    made_path(out, name).unlink(missing_ok=True)
    questions, traces = (OutputFile(path) for path in _paths(out, name))
    with questions, traces:
        items = generate(catalogue.by_name(name), seed=seed, count=count)
        for done, task in enumerate(items, start=1):
            questions.write(task.question.data)
            traces.write(task.trace.data)
            if done % _EVERY == 0 or done == count:
                report(f"tasks {name}", done, count)
    return Made(
        family=name,
        seed=seed,
        count=count,
        generator=generator,
        source_tree=tree,
        questions=questions.sha256,
        traces=traces.sha256,
    )


def _remove_others(out: Path, *, keep: tuple[str, ...]) -> None:
    """Remove families made for earlier settings; without a stamp of ours nothing is touched."""
    for stamp in sorted(out.glob("*.made.json")):
        family = stamp.name.removesuffix(".made.json")
        if family not in keep:
            for path in (*_paths(out, family), stamp):
                path.unlink(missing_ok=True)
