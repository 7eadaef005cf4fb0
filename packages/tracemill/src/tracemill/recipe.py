"""What each stage runs, reads and leaves; ``pipeline.py`` holds their order.

A config is the one that the handler of that kind of run validates; its paths are relative to the
workspace.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracemill.settings import Settings
from tracemill.stage import Stage
from tracemill_schema.canonical import JsonObject

DATAGEN = ("tracemill_schema", "tracemill_sandbox", "tracemill_datagen")
TRAINER = ("tracemill_schema", "tracemill_trainer")
JUDGE = (*TRAINER, "tracemill_datagen")
GATE = (*DATAGEN, "tracemill_gate")
BUNDLE = ("tracemill_schema", "tracemill_bundle")

SMOKE = "evidence/train-smoke.json"
READINESS = "evidence/readiness.json"
SEAL = ".sha256"
"""Ends the name of the file beside evidence that tells whether it was edited."""

FORMS = (("traces", "trace"), ("answers", "answer"))
"""The two models of a run: one is shown every step, one only the answer."""


def dataset_folder(settings: Settings) -> str:
    """Return where the dataset of these settings lies in the workspace."""
    return f"datasets/{settings.name}-v1"


def tables(settings: Settings) -> Stage:
    """Read the tables, profile them and write them in normal form."""
    return Stage(
        name="tables",
        kind="tables",
        says="read and profile the tables",
        config={"tables": list(settings.tables), "out": "tables"},
        reads=settings.tables,
        leaves=("tables",),
        code=DATAGEN,
    )


def questions(settings: Settings) -> Stage:
    """Ask template and procedural questions about every table."""
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
            "joins": settings.questions.joins,
        },
        reads=("tables",),
        leaves=("questions",),
        code=DATAGEN,
    )


def tasks(settings: Settings) -> Stage:
    """Make the items of the reasoning families."""
    return Stage(
        name="tasks",
        kind="tasks",
        says="make reasoning tasks, every step a claim that replays",
        config={"out": "tasks", "seed": settings.seed, "counts": settings.tasks.model_dump()},
        reads=(),
        leaves=("tasks",),
        code=DATAGEN,
    )


def episodes(settings: Settings) -> Stage:
    """Solve every question in the sandbox."""
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


def traces() -> Stage:
    """Turn verified episodes into traces."""
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


def dataset(settings: Settings) -> Stage:
    """Split, deduplicate and verify everything that was made."""
    return Stage(
        name="dataset",
        kind="dataset",
        says="build and verify the dataset",
        config={
            "tasks": "tasks",
            "traces": "traces",
            "questions": "questions",
            "episodes": "episodes",
            "out": "datasets",
            "key": f"{settings.name}-v1",
            "seed": settings.seed,
            "source": f"tracemill run, settings {settings.name}",
            "shares": {"train": 0.8, "validation": 0.1, "test": 0.1},
            "replace": True,
        },
        reads=("tasks", "traces", "questions", "episodes"),
        leaves=(dataset_folder(settings), "evidence/dataset.json"),
        code=DATAGEN,
    )


def smoke() -> Stage:
    """Prove that training works here, in half the steps that the command takes by itself."""
    return Stage(
        name="smoke",
        kind="smoke",
        says="check that training works on this machine",
        config={"steps": 20, "evidence": SMOKE},
        reads=(),
        leaves=(SMOKE, f"{SMOKE}{SEAL}"),
        code=TRAINER,
    )


def readiness(settings: Settings) -> Stage:
    """Judge the dataset and the trainer before hours go into them."""
    return Stage(
        name="readiness",
        kind="readiness",
        says="judge whether the dataset may be trained on",
        config={
            "dataset": dataset_folder(settings),
            "episodes": "episodes",
            "smoke": SMOKE,
            "evidence": READINESS,
        },
        reads=(dataset_folder(settings), "episodes", SMOKE, f"{SMOKE}{SEAL}"),
        leaves=(READINESS, f"{READINESS}{SEAL}"),
        code=GATE,
    )


def train(settings: Settings, model: str, form: str) -> Stage:
    """Train one model on one form of the examples."""
    return Stage(
        name=f"train-{model}",
        kind="train",
        says=f"train a model on {model}",
        config={
            "dataset": dataset_folder(settings),
            "out": f"models/{model}",
            "form": form,
            "families": [settings.train.family],
            "seed": settings.seed,
            "max_tokens": settings.train.max_tokens,
            "model": {"width": settings.train.width, "layers": settings.train.layers},
            "row_tokens": settings.train.row_tokens,
            "readiness": READINESS,
            "smoke": SMOKE,
            "on_other": "set_aside",
        },
        reads=(dataset_folder(settings), READINESS, SMOKE),
        leaves=(f"models/{model}", f"evidence/train-{model}.json"),
        code=TRAINER,
    )


def judge(settings: Settings, model: str) -> Iterator[Stage]:
    """Two evaluations of one model: of its untrained start, and of what it became."""
    for suffix, step, when in (("-before", 0, "untrained"), ("", None, "trained")):
        folder = f"evaluations/{model}{suffix}"
        questions: JsonObject = {"dataset": dataset_folder(settings), "split": "test"}
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
            reads=(dataset_folder(settings), f"models/{model}"),
            leaves=(f"{folder}/completions.jsonl", f"{folder}/completions.json"),
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
            reads=(
                dataset_folder(settings),
                f"models/{model}",
                f"{folder}/completions.jsonl",
                f"{folder}/completions.json",
            ),
            leaves=(
                f"{folder}/eval_summary.json",
                f"{folder}/items.jsonl",
                f"evidence/evaluate-{model}{suffix}.json",
            ),
            code=JUDGE,
        )


def bundle(settings: Settings) -> Stage:
    """Put the proofs and what they are about into one file."""
    models = [model for model, _ in FORMS]
    return Stage(
        name="bundle",
        kind="bundle",
        says="build the rehearsal bundle from evidence",
        config={
            "dataset": dataset_folder(settings),
            "models": [f"models/{model}" for model in models],
            "evaluations": [f"evaluations/{model}" for model in models],
            "evidence": "evidence",
            "out": "bundle",
            "name": settings.name,
            "rehearsal": True,
        },
        reads=(dataset_folder(settings), "models", "evaluations", "evidence"),
        leaves=("bundle",),
        code=BUNDLE,
    )
