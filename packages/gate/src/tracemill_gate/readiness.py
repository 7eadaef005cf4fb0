"""May a dataset be trained on for longer than a smoke? The gate ``readiness``.

    smoke      evidence of train-smoke is there, as it was written, green, and about the trainer
               and the libraries that are installed
    checks     every check that is installed, found by name (tracemill_schema.readiness)
    evidence   about the dataset's id and exactly this smoke evidence; the faults lie beside it

The trainer asks for that evidence before a long training, and compares the device, too: this
machine need not be the one that trains. Whoever makes data or trains offers the
checks; this module knows none of their rules.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Any, TypeVar

from tracemill_gate.clock import Clock
from tracemill_gate.errors import CannotJudge
from tracemill_schema.canonical import file_digest
from tracemill_schema.dataset import Dataset
from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement
from tracemill_schema.jsonl import read_record, write_records
from tracemill_schema.readiness import (
    LIBRARIES,
    READINESS_GATE,
    READINESS_GROUP,
    SCHEMA_SOURCE,
    SMOKE_GATE,
    SOURCE_GROUP,
    TRAINER_SOURCE,
    Examined,
    FaultClass,
    ReadinessCheck,
    ReadinessFault,
    Tick,
    faults_path,
    other_version,
)
from tracemill_schema.record import Record
from tracemill_schema.seal import is_sealed, seal_path, unlink_sealed, write_sealed

R = TypeVar("R", bound=Record)
SMOKE_FILE = f"{SMOKE_GATE}.json"
MAKE_SMOKE = "run: tracemill train smoke"
SMOKE_VERSIONS = (TRAINER_SOURCE, SCHEMA_SOURCE, "python", *LIBRARIES)
"""Versions of the smoke that readiness evidence carries on."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check that is installed.

    Attributes:
        name: What it is called by.
        made_by: Distribution and version that offers it.
        examine: The check itself.
    """

    name: str
    made_by: str
    examine: ReadinessCheck


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What was found.

    Attributes:
        checked: Things looked at, the smoke evidence among them.
        faults: Every fault; each blocks a long training.
        evidence: What was written; None if the manifest is so broken that nothing has its name.
    """

    checked: int
    faults: tuple[ReadinessFault, ...]
    evidence: Evidence | None

    @property
    def green(self) -> bool:
        """Tell whether a long training may begin."""
        return self.evidence is not None and not self.faults


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where the parts lie.

    Attributes:
        dataset: Folder of the dataset.
        episodes: Folder of its episodes, if they are at hand.
        smoke: Evidence of ``train-smoke``.
        evidence: File that is written; the faults, if any, are written beside it.
    """

    dataset: Path
    episodes: Path | None
    smoke: Path
    evidence: Path


def installed_checks() -> tuple[Check, ...]:
    """Return the checks that the installed packages offer; raises as ``load_checks`` does."""
    return load_checks(entry_points(group=READINESS_GROUP))


def installed_versions() -> Mapping[str, str]:
    """Return name -> digest or version of the code that the smoke must have been about.

    What is not installed here has none: the trainer compares again where it trains.

    Raises:
        CannotJudge: a source cannot be imported.
    """
    sources = {point.name: _loaded(point)() for point in entry_points(group=SOURCE_GROUP)}
    return sources | {"python": platform.python_version()} | _library_versions()


def _library_versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def load_checks(points: Iterable[EntryPoint]) -> tuple[Check, ...]:
    """Return the checks behind entry points, sorted by name.

    Raises:
        CannotJudge: there is none, or one cannot be imported.
    """
    found = {(point.name, point.value): point for point in points}
    if not found:
        raise CannotJudge(
            f"wanted readiness checks (entry points {READINESS_GROUP}), got none; "
            "install the package that makes the data, here: tracemill-datagen"
        )
    return tuple(_load(point) for _, point in sorted(found.items()))


def _load(point: EntryPoint) -> Check:
    made_by = f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"
    return Check(name=point.name, made_by=made_by, examine=_loaded(point))


def _loaded(point: EntryPoint) -> Any:  # noqa: ANN401 - what an entry point names has no type
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise CannotJudge(
            f"{point.name} of {point.group} ({point.value}) could not be imported: {error}; "
            "install its package again"
        ) from error


def judge_readiness(
    files: Files,
    checks: tuple[Check, ...],
    *,
    installed: Mapping[str, str],
    clock: Clock,
    tick: Tick,
) -> Readiness:
    """Judge a dataset and leave the evidence, also when it is red.

    Args:
        files: Where the parts lie.
        checks: What looks at the dataset.
        installed: Name -> digest or version of the code that the smoke must have been about;
            the trainer compares again when it trains.
        clock: Gives the times in the evidence.
        tick: Told how far a check is.

    Raises:
        TracemillError: a check could not look; no evidence stands then.
    """
    started = clock()
    unlink_sealed(files.evidence)
    smoke = _read(files.smoke, Evidence)
    manifest = _read(files.dataset / "manifest.json", Dataset)
    seen = smoke if isinstance(smoke, Evidence) else None
    examined = [_examined(check, files, tick) for check in checks]
    faults = (
        *_smoke_faults(smoke, files.smoke, installed),
        *(fault for each in examined for fault in each.faults),
    )
    if isinstance(manifest, RecordError) and all(fault.kind != "manifest" for fault in faults):
        faults += (_fault("manifest", "manifest.json", f"got: {manifest.faults[0]}"),)
    checked = 1 + sum(each.checked for each in examined)
    _store_faults(files.evidence, faults)
    predicate = Predicate(
        gate=READINESS_GATE,
        passed=max(checked - len(faults), 0),
        failed=len(faults),
        skipped=0,
        checked=max(checked, len(faults)),
        device="cpu",
        versions=_versions(seen, checks),
        started=started,
        finished=clock(),
    )
    evidence = None
    if isinstance(manifest, Dataset):
        evidence = statement(subjects=_subjects(manifest, files, seen), predicate=predicate)
        write_sealed(files.evidence, evidence)
    return Readiness(checked=predicate.checked, faults=faults, evidence=evidence)


def _read(path: Path, kind: type[R]) -> R | RecordError:
    try:
        return read_record(path, kind)
    except RecordError as error:
        return error


def _examined(check: Check, files: Files, tick: Tick) -> Examined:
    """Run a check; that it looked at nothing is a fault."""
    found = check.examine(files.dataset, files.episodes, tick)
    if found.checked or found.faults:
        return found
    reason = f"the check {check.name} of {check.made_by} looked at nothing"
    return Examined(checked=0, faults=(_fault("unchecked", "manifest.json", reason),))


def _smoke_faults(
    smoke: Evidence | RecordError, path: Path, installed: Mapping[str, str]
) -> tuple[ReadinessFault, ...]:
    """Return the first reason why the smoke evidence proves nothing, if there is one."""
    if isinstance(smoke, RecordError):
        reason, about = f"wanted its evidence, got: {smoke.faults[0]}", ""
    else:
        about = smoke.predicate.versions.get(TRAINER_SOURCE, "")
        reason = next(_unproved(smoke.predicate, path, installed), "")
    if not reason:
        return ()
    return (_fault("smoke", SMOKE_FILE, f"{reason}; {MAKE_SMOKE}", offender=about),)


def _unproved(found: Predicate, path: Path, installed: Mapping[str, str]) -> Iterator[str]:
    counts = f"{found.checked} checked, {found.failed} failed, {found.skipped} skipped"
    if found.gate != SMOKE_GATE:
        yield f"is about the gate {found.gate!r}"
    if not is_sealed(path):
        yield f"was changed: its digest is not the one in {seal_path(path).name}"
    if not found.adds_up:
        yield f"has counts that do not add up ({counts})"
    if found.failed or found.skipped or not found.checked:
        yield f"is not green ({counts}); mend the trainer"
    if not found.versions.get(TRAINER_SOURCE):
        yield f"names no {TRAINER_SOURCE}"
    if other := other_version(found.versions, installed):
        yield f"ran with {other}"


def _fault(kind: FaultClass, file: str, reason: str, *, offender: str = "") -> ReadinessFault:
    return ReadinessFault(
        kind=kind, offender=offender, file=file, line=0, pointer="", reason=reason
    )


def _store_faults(evidence: Path, faults: tuple[ReadinessFault, ...]) -> None:
    if faults:
        write_records(faults_path(evidence), faults)
    else:
        faults_path(evidence).unlink(missing_ok=True)


def _subjects(manifest: Dataset, files: Files, smoke: Evidence | None) -> tuple[Subject, ...]:
    dataset = Subject(name="dataset", digest=Digest(sha256=manifest.id))
    if smoke is None:
        return (dataset,)
    return (dataset, Subject(name="config", digest=Digest(sha256=file_digest(files.smoke))))


def _versions(smoke: Evidence | None, checks: tuple[Check, ...]) -> dict[str, str]:
    """Return what the judgement rests on: the checks, and the code that the smoke was about."""
    said = {} if smoke is None else smoke.predicate.versions
    return {
        "python": platform.python_version(),
        "tracemill-gate": version("tracemill-gate"),
        **{f"check-{check.name}": check.made_by for check in checks},
        **{name: said[name] for name in SMOKE_VERSIONS if name in said},
    }
