"""The flow of data generation: six stages, each a handler of the kind of run of the same name.

    tables     CSV files            -> tables/       profiled and normalised
    questions  tables               -> questions/    by source; two engines agree on each
    tasks      families             -> tasks/        questions and traces, every step a claim
    episodes   questions, tables    -> episodes/     solved in the sandbox and judged
    traces     verified episodes    -> traces/       one step a grounded hook
    dataset    traces, tasks        -> datasets/     split, deduplicated, verified, with evidence

``generate`` goes through them in one process; the pipeline of ``tracemill`` queues each as a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from tracemill_schema.canonical import JsonObject
from tracemill_schema.run import RunHandler

STAGES = ("tables", "questions", "tasks", "episodes", "traces", "dataset")


def generate(configs: Mapping[str, JsonObject], folder: Path) -> Mapping[str, JsonObject]:
    """Run every stage that has a config, in order, and return what each returned.

    Raises:
        DatagenError: as the stages do.
    """
    return {name: handler(name)(configs[name], folder) for name in STAGES if name in configs}


def handler(stage: str) -> RunHandler:
    """Return the handler of a stage; its heavy imports happen now and not before."""
    module = import_module(f"tracemill_datagen.stage.{stage}")
    return cast("RunHandler", module.run)
