"""No long training without readiness: what is asked for before one begins or goes on.

A training that is surely shorter than ``SMOKE_TOKENS`` may begin at once. Any other needs green
evidence of the gate ``readiness``, about exactly its dataset and about a smoke that still stands:
on this kind of device, with this code and these libraries. Nothing is judged here: ``tracemill gate
readiness`` does that, and leaves the faults beside its evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tracemill_schema.canonical import file_digest, short
from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Evidence, Predicate
from tracemill_schema.jsonl import read_record, read_records
from tracemill_schema.readiness import (
    READINESS_GATE,
    ReadinessFault,
    faults_path,
    listed,
    other_version,
)
from tracemill_schema.seal import is_sealed, seal_path
from tracemill_trainer.config import DeviceKind, TrainConfig
from tracemill_trainer.errors import NotJudged, NotReady
from tracemill_trainer.versions import sources, versions

SMOKE_TOKENS = 100_000
"""Processed tokens up to which a training is a try that may be wasted. The smoke feeds 41,000
(40 steps of 8 rows of 128), and the default model takes 100,000 in a quarter of a minute on two
slow cores. It bounds tokens, not cost: of a model a thousand times as large they are dear too."""


def require_ready(config: TrainConfig, dataset_id: str, folder: Path) -> None:
    """Refuse a training that may be longer than a smoke and that nothing says is ready.

    Args:
        config: The settings of the training.
        dataset_id: Id of its dataset.
        folder: The workspace.

    Raises:
        NotJudged: there is no evidence about this dataset, this trainer and this device.
        NotReady: there is, and it is red; the message lists the faults.
        BadSetting: this machine has no device of the kind that the settings want.
    """
    bound = most_tokens(config)
    if bound is not None and bound <= SMOKE_TOKENS:
        return
    path = folder / config.readiness
    head = f"a training {_length(bound)} needs green evidence in {path}"
    judge = (
        f"tracemill gate readiness {config.dataset} --smoke {config.smoke} "
        f"--evidence {config.readiness} (and --episodes, if its traces are about tables)"
    )
    mend = f"run in {folder}: {judge}"
    evidence = _read(path, head, mend)
    if reason := next(_unusable(path, evidence, dataset_id), ""):
        raise NotJudged(f"{head}; {reason}; {mend}")
    if got := _red(path, evidence.predicate):
        raise NotReady("\n  ".join((f"{head}, got {got}; {mend}", *_faults(path))))
    smoke = folder / config.smoke
    if not smoke.is_file() or file_digest(smoke) != _subject(evidence, "config"):
        raise NotJudged(f"{head}; {smoke} is not the smoke evidence that was judged; {mend}")
    if reason := _elsewhere(read_record(smoke, Evidence).predicate, config.device):
        again = f"tracemill train smoke --device {config.device} --evidence {config.smoke}"
        raise NotJudged(f"{head}; {reason}; run in {folder}: {again}, then {judge}")


def most_tokens(config: TrainConfig) -> int | None:
    """Return the processed tokens that the settings surely keep below; None if they bound none.

    A row holds at most ``row_tokens``, and an example lies in one row. Time bounds no tokens.
    """
    steps, examples = config.max_steps, config.max_examples
    bounds = (
        config.max_tokens,
        None if steps is None else steps * config.batch_rows * config.row_tokens,
        None if examples is None else examples * config.row_tokens,
    )
    return min((bound for bound in bounds if bound is not None), default=None)


def _length(bound: int | None) -> str:
    if bound is None:
        return "whose settings bound no tokens"
    return f"of up to {bound:,} tokens (a smoke has {SMOKE_TOKENS:,})"


def _read(path: Path, head: str, mend: str) -> Evidence:
    try:
        return read_record(path, Evidence)
    except RecordError as error:
        raise NotJudged(f"{head}, got: {error.faults[0]}; {mend}") from error


def _unusable(path: Path, evidence: Evidence, dataset_id: str) -> Iterator[str]:
    """Say why the evidence says nothing about this dataset; nothing if it does."""
    gate = evidence.predicate.gate
    if not is_sealed(path):
        yield f"it was changed: its digest is not the one in {seal_path(path).name}"
    if gate != READINESS_GATE:
        yield f"it is about the gate {gate!r}"
    about = _subject(evidence, "dataset")
    if about != dataset_id:
        yield f"it is about dataset {short(about)}, not {short(dataset_id)}"
    if not evidence.predicate.adds_up:
        yield f"its counts ({_counts(evidence.predicate)}) do not add up"


def _red(path: Path, told: Predicate) -> str:
    """Say what the evidence counts if that is not green; empty if it is."""
    if told.failed or told.skipped or not told.checked:
        return _counts(told)
    return f"{_counts(told)}, and faults beside it" if faults_path(path).exists() else ""


def _elsewhere(smoke: Predicate, device: DeviceKind) -> str:
    """Say what else than this code, its libraries or this device the smoke ran on."""
    from tracemill_trainer.device import find_device, shown  # noqa: PLC0415 - jax

    if other := other_version(smoke.versions, sources() | versions()):
        return f"its smoke ran with {other}"
    here = shown(find_device(device))
    if smoke.device != here:
        return f"its smoke ran on {smoke.device}, this would run on {here}"
    return ""


def _subject(evidence: Evidence, name: str) -> str:
    return next((s.digest.sha256 or "none" for s in evidence.subject if s.name == name), "none")


def _counts(told: Predicate) -> str:
    counts = f"{told.failed} failed, {told.skipped} skipped"
    return f"{told.checked} checked, {told.passed} passed, {counts}"


def _faults(evidence: Path) -> Sequence[str]:
    """Return the faults that lie beside the evidence, as many as can be shown."""
    path = faults_path(evidence)
    try:
        return listed(tuple(read_records(path, ReadinessFault)), rest=path)
    except RecordError:
        return (f"{path}: the faults cannot be read; the command above tells them again",)
