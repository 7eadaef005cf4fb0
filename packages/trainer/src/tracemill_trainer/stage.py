"""The four stages that a worker runs: smoke, train, complete, evaluate.

Each is found by its kind among the entry points ``tracemill.run_handlers``. A call whose result is
already there, made from the same inputs, returns it; the file that says so is written last.

What needs jax is imported inside the stages: that takes seconds, and ``evaluate`` needs none of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tracemill_schema import progress
from tracemill_schema.canonical import JsonObject, content_id, file_digest
from tracemill_schema.completion import Completion
from tracemill_schema.evaluation import Evaluation
from tracemill_schema.jsonl import (
    RecordAppender,
    read_records,
    record_digest,
    write_bytes,
    write_record,
    write_records,
)
from tracemill_schema.training import Training
from tracemill_trainer.config import (
    CompleteConfig,
    EvaluateConfig,
    SmokeStageConfig,
    TrainConfig,
)
from tracemill_trainer.data import corpus, open_dataset, questions_by_id, with_prompts
from tracemill_trainer.evaluation import (
    checkpoint_of,
    judge_all,
    refuse_foreign,
    step_reward_of,
    summarise,
)
from tracemill_trainer.home import Home, choose_checkpoint, form_of, is_finished
from tracemill_trainer.plot import curve_svg
from tracemill_trainer.proof import proves, write_evidence
from tracemill_trainer.readiness import require_ready
from tracemill_trainer.reuse import Answering, claim_answers, is_written, read_answering


def smoke(config: JsonObject, folder: Path) -> JsonObject:
    """Check that training works here and leave the evidence.

    Args:
        config: A ``SmokeStageConfig``.
        folder: The workspace.

    Raises:
        SmokeFailed: with every fault found.
    """
    settings = SmokeStageConfig.from_values(config, where="config of the stage smoke")
    from tracemill_trainer.smoke import SmokeConfig, run_smoke  # noqa: PLC0415 - jax

    found = run_smoke(
        SmokeConfig(device=settings.device, steps=settings.steps),
        dataset=None,
        evidence=folder / settings.evidence,
    )
    return {**found, "evidence": settings.evidence}


def train(config: JsonObject, folder: Path) -> JsonObject:
    """Train a model on a dataset, or go on with a training that was cut off.

    A training longer than a smoke needs evidence of readiness, each time that it is called.

    Args:
        config: A ``TrainConfig``.
        folder: The workspace.
    """
    settings = TrainConfig.from_values(config, where="config of the stage train")
    dataset = open_dataset(folder / settings.dataset)
    home = Home(folder=folder / settings.out)
    if is_finished(home, settings, dataset.manifest.id):
        _say(f"{settings.out} is trained already, with these settings and this dataset")
        training = home.finished()
        _show(folder, home, training, started=training.finished_at)
        return _trained(training, reused=True)
    require_ready(settings, dataset.manifest.id, folder)
    from tracemill_trainer.loop import train as run  # noqa: PLC0415 - jax

    started = _now()
    learned = corpus(dataset, settings.form, settings.families)
    training = run(settings, learned, home, clock=time.monotonic, now=_now, say=_say)
    _show(folder, home, training, started=started)
    write_record(home.manifest, training)
    return _trained(training, reused=False)


def _show(folder: Path, home: Home, training: Training, *, started: str) -> None:
    """Draw the losses and write the evidence of a training, unless both are there."""
    gate, model = f"train-{training.model}", training.checkpoints[-1].sha256
    curve = curve_svg(training.losses, title=f"loss of {training.model}").encode()
    if not home.curve.is_file() or home.curve.read_bytes() != curve:
        write_bytes(home.curve, curve)
    if not proves(folder, gate, model):
        write_evidence(
            folder,
            gate=gate,
            subjects={
                "dataset": training.dataset_id,
                "model": model,
                "config": content_id(training.config),
            },
            checked=training.steps,
            device=training.device.kind,
            started=started,
            finished=training.finished_at,
        )


def complete(config: JsonObject, folder: Path) -> JsonObject:
    """Have a checkpoint answer questions of a split.

    Args:
        config: A ``CompleteConfig``.
        folder: The workspace.
    """
    settings = CompleteConfig.from_values(config, where="config of the stage complete")
    home = Home(folder=folder / settings.model)
    training = home.finished()
    checkpoint = choose_checkpoint(training, settings.step)
    asked = with_prompts(
        open_dataset(folder / settings.dataset),
        settings.split,
        form=form_of(training),
        families=settings.families,
        n=settings.n,
    )
    target = folder / settings.out / "completions.jsonl"
    answering = Answering.of(settings, checkpoint.sha256, asked)
    if claim_answers(target, answering):
        _say(f"{settings.out} has its {len(asked)} completions already")
        return _completed(list(read_records(target, Completion)), checkpoint.step, reused=True)
    from tracemill_trainer.completing import complete as run  # noqa: PLC0415 - jax
    from tracemill_trainer.completing import load_sampler  # noqa: PLC0415 - jax
    from tracemill_trainer.device import on_device  # noqa: PLC0415 - jax

    with on_device(settings.device), RecordAppender(answering.partial(target)) as stream:
        sampler = load_sampler(home, checkpoint)
        batches = run(sampler, asked, model=checkpoint.sha256, settings=settings, skip=stream.count)
        for batch in batches:
            for completion in batch:
                stream.append(completion)
            progress.report("completing", stream.count, len(asked))
    answering.partial(target).rename(target)
    return _completed(list(read_records(target, Completion)), checkpoint.step, reused=False)


def evaluate(config: JsonObject, folder: Path) -> JsonObject:
    """Judge the completions of all questions that were asked.

    Args:
        config: An ``EvaluateConfig``.
        folder: The workspace.
    """
    started = _now()
    settings = EvaluateConfig.from_values(config, where="config of the stage evaluate")
    dataset = open_dataset(folder / settings.dataset)
    training = Home(folder=folder / settings.model).finished()
    path = folder / settings.completions
    completions = list(read_records(path, Completion))
    refuse_foreign(completions, training)
    asked = questions_by_id(dataset, settings.split, read_answering(path).questions)
    judged = judge_all(asked, completions, step_reward_of(training))
    out = folder / settings.out
    write_records(out / "items.jsonl", [item.verdict for item in judged])
    summary = summarise(
        judged,
        model=training.model,
        checkpoint=checkpoint_of(completions),
        items_file="items.jsonl",
        items_sha256=file_digest(out / "items.jsonl"),
    )
    gate, digest = f"evaluate-{out.name}", record_digest(summary)
    reused = is_written(out / "eval_summary.json", summary) and proves(folder, gate, digest)
    if not reused:
        write_record(out / "eval_summary.json", summary)
        write_evidence(
            folder,
            gate=gate,
            subjects={
                "dataset": dataset.manifest.id,
                "model": summary.checkpoint,
                "evaluation": digest,
                "config": content_id(settings.to_values()),
            },
            checked=summary.n_items,
            device="cpu",
            started=started,
            finished=_now(),
        )
    return _evaluated(summary, reused=reused)


def _trained(training: Training, *, reused: bool) -> JsonObject:
    return {
        "model": training.model,
        "reused": reused,
        "parameters": training.parameters,
        "steps": training.steps,
        "tokens": training.tokens,
        "stopped_by": training.stopped_by,
        "first_loss": training.losses[0].loss,
        "last_loss": training.losses[-1].loss,
        "checkpoint": training.checkpoints[-1].sha256,
        "wall_seconds": training.wall_seconds,
    }


def _completed(completions: Sequence[Completion], step: int, *, reused: bool) -> JsonObject:
    return {
        "step": step,
        "reused": reused,
        "completions": len(completions),
        "stopped": sum(completion.finish == "stop" for completion in completions),
        "checkpoint": checkpoint_of(completions),
    }


def _evaluated(summary: Evaluation, *, reused: bool) -> JsonObject:
    return {
        "model": summary.model,
        "reused": reused,
        "checkpoint": summary.checkpoint,
        "items": summary.n_items,
        "accuracy": summary.pass_at_1.to_values(),
        "format_rate": summary.format_rate.to_values(),
        "step_validity": summary.step_validity.to_values(),
    }


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
