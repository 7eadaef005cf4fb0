"""The smoke check of a device: a tiny model learns, is saved, restored in a fresh process, writes.

It trains on modular chains that it makes up itself, or on the traces of a dataset. Evidence made on
a CPU says ``cpu`` and so counts only for rehearsals.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_schema.canonical import ContentHash, JsonObject, content_id
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    CLOSE_REASONING,
    OPEN_ANSWER,
    OPEN_REASONING,
)
from tracemill_schema.evidence import Digest, Predicate, Subject, statement
from tracemill_schema.example import Example, Span, prompt_text
from tracemill_schema.readiness import SMOKE_GATE
from tracemill_schema.record import Record
from tracemill_schema.seal import write_sealed
from tracemill_schema.training import Training
from tracemill_trainer.batches import plan
from tracemill_trainer.checkpoint import Checkpoints
from tracemill_trainer.completing import load_sampler
from tracemill_trainer.config import DeviceKind, ModelConfig, OptimizerConfig, TrainConfig
from tracemill_trainer.data import Corpus, corpus, open_dataset
from tracemill_trainer.device import find_device, on_device, shown
from tracemill_trainer.errors import SmokeFailed
from tracemill_trainer.home import Home, choose_checkpoint
from tracemill_trainer.loop import pack_batches, prepare, train
from tracemill_trainer.tokenizer import decode, encode_prompt
from tracemill_trainer.versions import sources, versions

MUST_FALL = 1.0
"""Nats by which the loss must fall from the first step to the mean of the last five. A byte model
starts at log 263 = 5.6; the first 40 steps on chains brought it to 1.7 on a CPU, and one that does
not learn (learning rate 0) stays within 0.1."""

EXAMPLES = 400
OPERATIONS = 4


class SmokeConfig(Record):
    """Settings of the smoke check."""

    contract: ClassVar[str] = "smoke settings"

    device: DeviceKind = "auto"
    steps: int = Field(default=40, ge=20, le=500)
    tree: str | None = Field(default=None, pattern=r"^[0-9a-f]{40,64}$")


class Found(Record):
    """What the checks saw."""

    first_loss: float
    last_loss: float
    recorded_next_loss: float = Field(description="of the step after the middle checkpoint")
    restored_next_loss: float = Field(description="the same step, made in a fresh process")
    text: str = Field(description="what the model wrote after one prompt")
    checkpoint: ContentHash

    def faults(self) -> list[str]:
        """Return what is wrong, one sentence each."""
        faults = []
        if self.first_loss - self.last_loss < MUST_FALL:
            faults.append(
                f"the loss went from {self.first_loss:.3f} to {self.last_loss:.3f}, "
                f"wanted a fall of {MUST_FALL}"
            )
        if self.recorded_next_loss != self.restored_next_loss:
            faults.append(
                f"the step after the checkpoint had the loss {self.recorded_next_loss!r}, "
                f"in a fresh process {self.restored_next_loss!r}"
            )
        if not self.text:
            faults.append("the model wrote nothing")
        return faults


CHECKS = 3
"""The loss falls, the restored next loss is the same, the model writes."""


def run_smoke(config: SmokeConfig, *, dataset: Path | None, evidence: Path) -> JsonObject:
    """Run the check and write its evidence, also when it fails.

    Args:
        config: Settings.
        dataset: Folder of a dataset to train on; None makes up chains.
        evidence: File that is written.

    Raises:
        SmokeFailed: with every fault found.
    """
    started = _now()
    code = versions() | sources()
    device = find_device(config.device)
    learned = made_up() if dataset is None else corpus(open_dataset(dataset), "trace", ())
    with tempfile.TemporaryDirectory(prefix="tracemill-smoke-") as folder:
        training, found = check(config, learned, Home(folder=Path(folder) / "smoke"))
    faults = found.faults()
    predicate = Predicate(
        gate=SMOKE_GATE,
        passed=CHECKS - len(faults),
        failed=len(faults),
        skipped=0,
        checked=CHECKS,
        device=shown(device),
        versions=code,
        started=started,
        finished=_now(),
    )
    subjects = [
        Subject(name="model", digest=Digest(sha256=found.checkpoint)),
        Subject(name="config", digest=Digest(sha256=content_id(training.config))),
    ]
    if config.tree is not None:
        subjects.insert(0, Subject(name="tree", digest=Digest(gitTree=config.tree)))
    write_sealed(evidence, statement(subjects=tuple(subjects), predicate=predicate))
    if faults:
        raise SmokeFailed(f"training does not work on {shown(device)}: " + "; ".join(faults))
    return {
        "device": shown(device),
        "steps": training.steps,
        "tokens_per_second": round(training.tokens / training.wall_seconds),
        **found.to_values(),
        "evidence": str(evidence),
    }


def check(config: SmokeConfig, learned: Corpus, home: Home) -> tuple[Training, Found]:
    """Train in ``home``, restore the middle checkpoint in a fresh process, write one answer."""
    settings = _settings(config)
    middle = settings.checkpoint_every
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawned) as pool:
        pool.submit(_import_all)
        training = train(settings, learned, home, clock=time.monotonic, now=_now, say=_say_nothing)
        restored = pool.submit(next_loss, settings, learned, home, middle)
        text = _written(home, training, learned, config.device)
        restored_loss = restored.result()
    losses = [loss.loss for loss in training.losses]
    found = Found(
        first_loss=losses[0],
        last_loss=sum(losses[-5:]) / 5,
        recorded_next_loss=losses[middle],
        restored_next_loss=restored_loss,
        text=text,
        checkpoint=training.checkpoints[-1].sha256,
    )
    return training, found


def _import_all() -> None:
    """Do nothing in a fresh process: what it imports to get here takes seconds."""


def _say_nothing(sentence: str) -> None:
    """Tell nobody: a smoke never resumes."""


def next_loss(settings: TrainConfig, learned: Corpus, home: Home, step: int) -> float:
    """Return the loss of the step after a checkpoint, everything read and built again."""
    batches = pack_batches(settings, learned)
    with on_device(settings.device):
        update, like = prepare(settings, plan(batches, settings))
        checkpoints = Checkpoints(
            folder=home.checkpoints, model=settings.model, keep_last=settings.keep_last
        )
        _, loss = update(checkpoints.at(step, like).state, batches[step])
        return float(loss)


def made_up() -> Corpus:
    """Return modular chains with their steps, the same ones everywhere."""
    examples = tuple(_chain(random.Random(index)) for index in range(EXAMPLES))  # noqa: S311 - not for secrets
    digest = content_id([example.text for example in examples])
    return Corpus(dataset_id=digest, dataset_key="smoke-v1", examples=examples)


def _chain(draw: random.Random) -> Example:
    value = draw.randint(1, 9)
    prompt, steps = str(value), []
    for _ in range(OPERATIONS):
        sign, operand = draw.choice("+-*"), draw.randint(1, 9)
        before = value
        value = {"+": value + operand, "-": value - operand, "*": value * operand}[sign] % 10
        prompt += f"{sign}{operand}"
        steps.append(f"{before}{sign}{operand}={value}")
    shown_steps = OPEN_REASONING + "\n".join(steps) + CLOSE_REASONING
    start = prompt_text(prompt + " mod 10")
    text = f"{start}{shown_steps}{OPEN_ANSWER}{value}{CLOSE_ANSWER}"
    identifier = content_id(text)
    return Example(
        trace_id=identifier,
        question_id=identifier,
        family="modular_chain",
        form="trace",
        text=text,
        span=Span(start=len(start), end=len(text)),
        licence="CC0-1.0",
    )


def _settings(config: SmokeConfig) -> TrainConfig:
    half = config.steps // 2
    return TrainConfig(
        dataset="smoke",
        out="smoke",
        max_steps=half * 2,
        batch_rows=8,
        row_tokens=128,
        max_too_long_share=1.0,
        checkpoint_every=half,
        device=config.device,
        model=ModelConfig(width=64, layers=2, heads=2, kv_heads=1, hidden=128),
        optimizer=OptimizerConfig(learning_rate=1e-2),
    )


def _written(home: Home, training: Training, learned: Corpus, device: DeviceKind) -> str:
    example = learned.examples[0]
    prompt = encode_prompt(example.text[: example.span.start])
    with on_device(device):
        sampler = load_sampler(home, choose_checkpoint(training, None))
        (answer,) = sampler.greedy([prompt], prompt_slots=len(prompt), rows=1, room=48)
    return decode(answer.tokens)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
