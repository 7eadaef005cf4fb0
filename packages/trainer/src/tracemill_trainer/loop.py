"""The life of a training.

    rows -> plan -> start or resume -> step, step, save, step, ... -> manifest

Everything that decides the result comes from the settings, the seed and the corpus. Each step's
loss is in ``losses.jsonl`` before a checkpoint says that the step was made, so a kill at any moment
loses at most the steps since the last checkpoint, and these are made again with the same losses.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import jax

from tracemill_schema.training import Loss, Training
from tracemill_trainer.batches import Batches, Plan, plan
from tracemill_trainer.budget import Budget, Clock
from tracemill_trainer.checkpoint import Checkpoints, Reached
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.data import Corpus, tokenize
from tracemill_trainer.device import find_device
from tracemill_trainer.errors import LossNotFinite
from tracemill_trainer.home import Home, claim_home
from tracemill_trainer.journal import Journal
from tracemill_trainer.manifest import make_manifest
from tracemill_trainer.optimizer import make_optimizer
from tracemill_trainer.packing import Counts, Rows, fitting
from tracemill_trainer.update import TrainState, Update, make_update, start_weights

Say = Callable[[str], None]
"""Told in one sentence what is worth knowing, for instance that a training resumes."""


def train(
    config: TrainConfig,
    corpus: Corpus,
    home: Home,
    *,
    clock: Clock,
    now: Callable[[], str],
    say: Say,
) -> Training:
    """Train until a limit of the settings, or go on with what ``home`` holds; say what it was.

    Args:
        config: The settings.
        corpus: The examples.
        home: Folder of the model; checkpoints and losses are written into it.
        clock: Seconds on a clock that never goes back.
        now: The time of day, ISO 8601 with Z.
        say: Told what is worth knowing.

    Raises:
        TracemillError: one of those in ``errors``, for settings or files that cannot be used.
    """
    budget = Budget(config.time_budget_minutes, clock)
    device = find_device(config.device)
    batches = pack_batches(config, corpus)
    planned = plan(batches, config)
    moved = claim_home(home, config, corpus.dataset_id)
    if moved is not None:
        say(moved)
    journal = Journal(home.losses, budget)
    with jax.default_device(device):
        ended = learn(config, home, batches, planned, journal=journal, budget=budget, say=say)
    return make_manifest(
        config,
        corpus,
        ended,
        home=home,
        losses=journal.losses(),
        seconds=journal.seconds(),
        stopped_by=planned.stopped_by if ended.step == planned.steps else "time_budget",
        device=device,
        finished_at=now(),
    )


def learn(
    config: TrainConfig,
    home: Home,
    batches: Batches,
    planned: Plan,
    *,
    journal: Journal,
    budget: Budget,
    say: Say,
) -> Reached:
    """Start or resume, make the steps that are left, and return the end."""
    checkpoints = Checkpoints(
        folder=home.checkpoints, model=config.model, keep_last=config.keep_last
    )
    update, fresh = prepare(config, planned)
    return run(
        start_or_resume(checkpoints, journal, fresh, say),
        update=update,
        batches=batches,
        steps=planned.steps,
        every=config.checkpoint_every,
        budget=budget,
        journal=journal,
        save=_saver(checkpoints, journal, budget),
    )


def pack_batches(config: TrainConfig, corpus: Corpus) -> Batches:
    """Return the endless, seeded sequence of packed batches of a corpus."""
    texts = fitting(
        [tokenize(example) for example in corpus.examples],
        row_tokens=config.row_tokens,
        max_share=config.max_too_long_share,
    )
    rows = Rows(texts, config.row_tokens)
    return Batches(rows, seed=config.seed, batch_rows=config.batch_rows)


def prepare(config: TrainConfig, planned: Plan) -> tuple[Update, TrainState]:
    """Return the compiled step and the random start."""
    graph, weights = start_weights(config.model, config.seed)
    optimizer = make_optimizer(config.optimizer, planned.steps)
    state = TrainState(weights=weights, moments=optimizer.init(weights))
    return make_update(graph, optimizer), state


def start_or_resume(
    checkpoints: Checkpoints, journal: Journal, fresh: TrainState, say: Say
) -> Reached:
    """Return the last whole checkpoint; without any, save the untrained start as step 0."""
    found = checkpoints.last(fresh, say)
    if found is None:
        found = Reached(step=0, counts=Counts(), state=fresh)
        checkpoints.save(found)
    if found.step:
        say(f"resuming after step {found.step}")
    journal.rewind(found.step)
    return found


def run(
    begun: Reached,
    *,
    update: Update,
    batches: Batches,
    steps: int | None,
    every: int,
    budget: Budget,
    journal: Journal,
    save: Callable[[Reached], None],
) -> Reached:
    """Make the steps that are left, saving on the way and at the end; return the end."""
    state, at, saved = begun, begun.step, begun.step
    while at != steps and budget.allows_step():
        with budget.step():
            arrays, loss = update(state.state, batches[at])
            nats = _finite(float(loss), at)
        counts, at = state.counts.plus(batches.counts(at)), at + 1
        state = Reached(step=at, counts=counts, state=arrays)
        journal.add(Loss(step=at, loss=nats, tokens=counts.tokens), steps=steps)
        if at % every == 0:
            save(state)
            saved = at
    if saved != at:
        save(state)
    return state


def _saver(checkpoints: Checkpoints, journal: Journal, budget: Budget) -> Callable[[Reached], None]:
    def save(state: Reached) -> None:
        with budget.save():
            journal.flush()
            checkpoints.save(state)
            journal.note_seconds()

    return save


def _finite(loss: float, step: int) -> float:
    if not math.isfinite(loss):
        raise LossNotFinite(
            f"the loss of step {step + 1} is {loss}; lower the learning rate, "
            "then train anew in another folder"
        )
    return loss
