"""The whole way, from tables to a rehearsal bundle: read this file first.

``stages`` is the program: an ordered tuple of stages. ``run_pipeline`` goes through it once: what
is done and unchanged is skipped, everything else is a run on the worker's queue.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from tracemill.errors import StageFailed
from tracemill.settings import Settings
from tracemill.stage import Stage, folder_digest, stage_key
from tracemill.stamp import Stamp, read_stamp, why_stale, write_stamp
from tracemill_schema.canonical import JsonObject, content_id, tree_digest

DATAGEN = ("tracemill_schema", "tracemill_sandbox", "tracemill_datagen")
TRAINER = ("tracemill_schema", "tracemill_trainer")
JUDGE = (*TRAINER, "tracemill_datagen")
BUNDLE = ("tracemill_schema", "tracemill_bundle")

DISTRIBUTIONS = {
    "tracemill_schema": "tracemill-schema",
    "tracemill_sandbox": "tracemill-sandbox",
    "tracemill_datagen": "tracemill-datagen",
    "tracemill_trainer": "tracemill-trainer",
    "tracemill_bundle": "tracemill-packaging",
}
"""Import name -> distribution, whose declared dependencies count as code of the stage."""

FORMS = (("traces", "trace"), ("answers", "answer"))
"""The two models of a run: one is shown every step, one only the answer."""


def stages(settings: Settings) -> tuple[Stage, ...]:
    """Return the stages in the order in which they run."""
    return (
        _tables(settings),
        _questions(settings),
        _tasks(settings),
        _episodes(settings),
        _traces(),
        _dataset(settings),
        *(_train(settings, model, form) for model, form in FORMS),
        *(stage for model, _ in FORMS for stage in _judge(settings, model)),
        _bundle(settings),
    )


class Watcher(Protocol):
    """Who is told how the pipeline goes; the command line draws it."""

    def skipped(self, stage: Stage, stamp: Stamp) -> None:
        """A stage is done and unchanged."""

    def started(self, stage: Stage, reason: str) -> None:
        """A stage begins, for this reason."""

    def line(self, line: str) -> None:
        """The running stage printed a line."""

    def finished(self, stage: Stage, result: JsonObject, seconds: float) -> None:
        """The running stage is done."""


Execute = Callable[[Stage, str, Callable[[str], None]], JsonObject]
"""``execute(stage, key, on_line)`` runs a stage as a run on the queue and returns its result."""


def run_pipeline(
    settings: Settings,
    workspace: Path,
    *,
    execute: Execute,
    watcher: Watcher,
    until: str | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run every stage whose inputs, settings or code changed, up to and including ``until``."""
    for stage in _up_to(stages(settings), until):
        key = key_of(stage, workspace)
        stamp = read_stamp(workspace, stage)
        stale = why_stale(workspace, stamp, stage, key)
        if stamp is not None and stale is None:
            watcher.skipped(stage, stamp)
            continue
        watcher.started(stage, stale or "not finished before")
        begun = clock()
        result = execute(stage, key, watcher.line)
        seconds = clock() - begun
        _require_leaves(workspace, stage)
        write_stamp(workspace, stage, key=key, result=result, seconds=seconds)
        watcher.finished(stage, result, seconds)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a stage stands: ``stale`` is None if it is done and unchanged."""

    stage: Stage
    stamp: Stamp | None
    stale: str | None


def standings(settings: Settings, workspace: Path) -> Iterator[Standing]:
    """Yield how every stage of a workspace stands, without running anything."""
    for stage in stages(settings):
        stamp = read_stamp(workspace, stage)
        stale = why_stale(workspace, stamp, stage, key_of(stage, workspace))
        yield Standing(stage=stage, stamp=stamp, stale=stale)


def key_of(stage: Stage, workspace: Path) -> str:
    """Return the digest of all that the stage's result depends on, as it is now."""
    code = {package: _code_digest(package) for package in stage.code}
    return stage_key(stage, folder_digest(workspace, stage.reads), code)


def _require_leaves(workspace: Path, stage: Stage) -> None:
    """Refuse to call a stage done that did not leave what it should.

    Raises:
        StageFailed: naming what is missing.
    """
    missing = [path for path in stage.leaves if not (workspace / path).exists()]
    if missing:
        raise StageFailed(
            f"stage {stage.name} ended without {', '.join(missing)} in {workspace}; "
            "run the same command again, and report it if that does not help",
            exit_code=3,
        )


def _up_to(all_stages: tuple[Stage, ...], until: str | None) -> tuple[Stage, ...]:
    names = [stage.name for stage in all_stages]
    return all_stages if until is None else all_stages[: names.index(until) + 1]


@cache
def _code_digest(package: str) -> str:
    """Return the digest of a package's files and of the versions of what it depends on."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    wanted = requires(DISTRIBUTIONS[package]) or []
    names = sorted({re.split(r"[^A-Za-z0-9_.-]", requirement)[0] for requirement in wanted})
    versions = {name: version(name) for name in names}
    return content_id({"files": tree_digest(Path(spec.origin).parent), "versions": versions})


def _dataset_folder(settings: Settings) -> str:
    return f"datasets/{settings.name}-v1"


def _tables(settings: Settings) -> Stage:
    return Stage(
        name="tables",
        kind="tables",
        says="read and profile the tables",
        config={"tables": list(settings.tables), "out": "tables"},
        reads=settings.tables,
        leaves=("tables",),
        code=DATAGEN,
    )


def _questions(settings: Settings) -> Stage:
    return Stage(
        name="questions",
        kind="questions",
        says="ask questions that two engines answer alike",
        config={
            "tables": "tables",
            "out": "questions",
            "seed": settings.seed,
            "template_per_table": settings.questions.template_per_table,
            "procedural_per_table": settings.questions.procedural_per_table,
        },
        reads=("tables",),
        leaves=("questions",),
        code=DATAGEN,
    )


def _tasks(settings: Settings) -> Stage:
    return Stage(
        name="tasks",
        kind="tasks",
        says="make reasoning tasks, every step a claim that replays",
        config={"out": "tasks", "seed": settings.seed, "counts": settings.tasks.model_dump()},
        reads=(),
        leaves=("tasks",),
        code=DATAGEN,
    )


def _episodes(settings: Settings) -> Stage:
    return Stage(
        name="episodes",
        kind="episodes",
        says="solve every question in the sandbox and judge it",
        config={
            "tables": "tables",
            "questions": "questions",
            "out": "episodes",
            "seed": settings.seed,
        },
        reads=("tables", "questions"),
        leaves=("episodes",),
        code=DATAGEN,
    )


def _traces() -> Stage:
    return Stage(
        name="traces",
        kind="traces",
        says="turn verified episodes into traces",
        config={
            "tables": "tables",
            "questions": "questions",
            "episodes": "episodes",
            "out": "traces",
        },
        reads=("tables", "questions", "episodes"),
        leaves=("traces",),
        code=DATAGEN,
    )


def _dataset(settings: Settings) -> Stage:
    return Stage(
        name="dataset",
        kind="dataset",
        says="build and verify the dataset",
        config={
            "tasks": "tasks",
            "traces": "traces",
            "questions": "questions",
            "out": "datasets",
            "key": f"{settings.name}-v1",
            "seed": settings.seed,
            "source": f"tracemill run, settings {settings.name}",
            "shares": {"train": 0.8, "validation": 0.1, "test": 0.1},
            "replace": True,
        },
        reads=("tasks", "traces", "questions"),
        leaves=(_dataset_folder(settings), "evidence/dataset.json"),
        code=DATAGEN,
    )


def _train(settings: Settings, model: str, form: str) -> Stage:
    return Stage(
        name=f"train-{model}",
        kind="train",
        says=f"train a model on {model}",
        config={
            "dataset": _dataset_folder(settings),
            "out": f"models/{model}",
            "form": form,
            "families": [settings.train.family],
            "seed": settings.seed,
            "max_tokens": settings.train.max_tokens,
            "model": {"width": settings.train.width, "layers": settings.train.layers},
            "row_tokens": settings.train.row_tokens,
            "on_other": "set_aside",
        },
        reads=(_dataset_folder(settings),),
        leaves=(f"models/{model}", f"evidence/train-{model}.json"),
        code=TRAINER,
    )


def _judge(settings: Settings, model: str) -> Iterator[Stage]:
    """Two evaluations of one model: of its untrained start, and of what it became."""
    for suffix, step, when in (("-before", 0, "untrained"), ("", None, "trained")):
        folder = f"evaluations/{model}{suffix}"
        questions: JsonObject = {"dataset": _dataset_folder(settings), "split": "test"}
        yield Stage(
            name=f"complete-{model}{suffix}",
            kind="complete",
            says=f"let the {when} {model} model answer held-out questions",
            config={
                **questions,
                "model": f"models/{model}",
                "step": step,
                "families": [settings.train.family],
                "n": settings.evaluate.items,
                "max_new_tokens": settings.evaluate.max_new_tokens,
                "out": folder,
            },
            reads=(_dataset_folder(settings), f"models/{model}"),
            leaves=(f"{folder}/completions.jsonl",),
            code=TRAINER,
        )
        yield Stage(
            name=f"evaluate-{model}{suffix}",
            kind="evaluate",
            says=f"judge the {when} {model} model, step by step",
            config={
                **questions,
                "model": f"models/{model}",
                "completions": f"{folder}/completions.jsonl",
                "out": folder,
            },
            reads=(_dataset_folder(settings), f"models/{model}", f"{folder}/completions.jsonl"),
            leaves=(
                f"{folder}/eval_summary.json",
                f"{folder}/items.jsonl",
                f"evidence/evaluate-{model}{suffix}.json",
            ),
            code=JUDGE,
        )


def _bundle(settings: Settings) -> Stage:
    models = [model for model, _ in FORMS]
    return Stage(
        name="bundle",
        kind="bundle",
        says="build the rehearsal bundle from evidence",
        config={
            "dataset": _dataset_folder(settings),
            "models": [f"models/{model}" for model in models],
            "evaluations": [f"evaluations/{model}" for model in models],
            "evidence": "evidence",
            "out": "bundle",
            "name": settings.name,
            "rehearsal": True,
        },
        reads=(_dataset_folder(settings), "models", "evaluations", "evidence"),
        leaves=("bundle",),
        code=BUNDLE,
    )
