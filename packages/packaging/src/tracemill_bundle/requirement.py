"""The table of evidence that a bundle rests on, and what it still lacks.

Each line: the gate, what it must be about (subjects whose digests must be those of the files in
the bundle), and from which level on it is needed. A rehearsal lists what it lacks to be final.

What ties a tree to the files: ``evidence/gate.json`` names the code of its tree, as version
``source_tree`` the data generator and as ``trainer_source`` the trainer. They must be those that
the dataset, the models and the readiness evidence name. The models hang on the dataset by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tracemill_bundle.licence import is_redistributable
from tracemill_bundle.material import Material
from tracemill_schema.canonical import short
from tracemill_schema.evidence import Evidence
from tracemill_schema.readiness import READINESS_GATE, TRAINER_SOURCE

ACCELERATOR = re.compile(
    r"\b(tpu|gpu|nvidia|tesla|quadro|geforce|rtx|cuda|instinct|radeon|rocm|gfx\d+\w*)\b"
)
"""Words in the names that jax gives to accelerators; "AMD" alone is as well a CPU's."""
Level = Literal["rehearsal", "final"]
SubjectName = Literal["tree", "dataset", "model", "evaluation"]


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One line of the table.

    Attributes:
        gate: Name of the gate; ``{name}`` stands for each model or evaluation.
        each: What the line is repeated for.
        about: Subjects that the evidence must name.
        level: From which level on it is needed.
        accelerator: Whether it must have run on an accelerator.
        make: How to make it.
    """

    gate: str
    each: Literal["bundle", "model", "evaluation"]
    about: tuple[SubjectName, ...]
    level: Level
    make: str
    accelerator: bool = False


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        gate="dataset",
        each="bundle",
        about=("dataset",),
        level="rehearsal",
        make="run the stage dataset (tracemill run)",
    ),
    Requirement(
        gate=READINESS_GATE,
        each="bundle",
        about=("dataset",),
        level="rehearsal",
        make="run the stage readiness (tracemill run)",
    ),
    Requirement(
        gate="train-{name}",
        each="model",
        about=("dataset", "model"),
        level="rehearsal",
        make="run the stage train of this model (tracemill run)",
    ),
    Requirement(
        gate="evaluate-{name}",
        each="evaluation",
        about=("model", "evaluation"),
        level="rehearsal",
        make="run the stage evaluate of this model (tracemill run)",
    ),
    Requirement(
        gate="gate",
        each="bundle",
        about=("tree",),
        level="final",
        make="nox -s gate, and name its evidence folder with --gate-evidence",
    ),
    Requirement(
        gate="oci",
        each="bundle",
        about=("tree",),
        level="final",
        make="nox -s oci on a machine with Docker or Podman, as docs/gate.md says",
    ),
    Requirement(
        gate="train-smoke",
        each="bundle",
        about=("tree",),
        level="final",
        accelerator=True,
        make="tracemill train smoke on a machine with a TPU or GPU, as docs/gate.md says",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """Something that a bundle lacks.

    Attributes:
        level: The level that it is needed for.
        message: What is wanted, what was got, and how to mend it.
    """

    level: Level
    message: str


def is_accelerator(device: str) -> bool:
    """Tell whether the device of an evidence file is a known accelerator."""
    name = device.casefold()
    return not name.startswith("cpu") and ACCELERATOR.search(name) is not None


def gates_of(models: tuple[str, ...], evaluations: tuple[str, ...]) -> dict[str, Requirement]:
    """Return every gate that a bundle of these models and evaluations rests on."""
    names = {"bundle": ("",), "model": models, "evaluation": evaluations}
    return {line.gate.format(name=name): line for line in REQUIREMENTS for name in names[line.each]}


def shortfalls(material: Material) -> tuple[Shortfall, ...]:
    """Return all that the bundle lacks, in the order of the table."""
    models = tuple(model.name for model in material.models)
    evaluations = tuple(found.name for found in material.evaluations)
    found = [
        Shortfall(level=line.level, message=message)
        for gate, line in gates_of(models, evaluations).items()
        for message in _lacks(gate, line, material)
    ]
    for licence in sorted(material.dataset.licences):
        if not is_redistributable(licence):
            message = f"licence {licence!r} of the dataset is not known to be redistributable"
            found.append(Shortfall(level="final", message=message))
    return tuple(found)


def _lacks(gate: str, line: Requirement, material: Material) -> Iterator[str]:
    where = f"evidence/{gate}.json"
    proof = material.proofs.get(gate)
    if proof is None:
        yield f"{where}: missing; make it: {line.make}"
        return
    found = proof.evidence.predicate
    if found.gate != gate:
        yield f"{where}: is about the gate {found.gate!r}; make it again: {line.make}"
    if found.failed or found.skipped or not found.checked:
        counts = f"{found.checked} checked, {found.failed} failed, {found.skipped} skipped"
        yield f"{where}: not green ({counts}); mend what failed, then {line.make}"
    if line.accelerator and not is_accelerator(found.device):
        yield f"{where}: ran on {found.device}, wanted an accelerator; {line.make}"
    if "tree" in line.about:
        yield from _tree_faults(where, proof.evidence, line, material)
        return
    wanted = _digests(gate, line, material)
    seen: dict[str, str | None] = {s.name: s.digest.sha256 for s in proof.evidence.subject}
    for subject, digest in wanted.items():
        got = seen.get(subject)
        if got != digest and (subject in line.about or got is not None):
            text = f"{subject} {(got or 'none')[:16]}, not {digest[:16]} of this bundle"
            yield f"{where}: is about {text}; make it again: {line.make}"


def _digests(gate: str, line: Requirement, material: Material) -> Mapping[SubjectName, str]:
    """Return the digests of the files that a gate's evidence must be about."""
    name = gate.removeprefix(line.gate.removesuffix("{name}"))
    digests: dict[SubjectName, str] = {"dataset": material.dataset.id}
    for model in material.models:
        if line.each == "model" and model.name == name:
            digests["model"] = model.checkpoint.sha256
    for found in material.evaluations:
        if line.each == "evaluation" and found.name == name:
            digests |= {"model": found.summary.checkpoint, "evaluation": found.digest}
    return digests


def _tree_faults(
    where: str, evidence: Evidence, line: Requirement, material: Material
) -> Iterator[str]:
    tree = _tree(evidence)
    judged = material.proofs.get("gate")
    if tree is None:
        yield f"{where}: names no git tree; make it again: {line.make}"
    elif judged is not None and tree != _tree(judged.evidence):
        yield f"{where}: is about another tree than evidence/gate.json; {line.make}"
    if line.gate == "gate":
        had = evidence.predicate.versions
        faults = (*_generator_faults(had, material), *_trainer_faults(had, material))
        yield from (f"{where}: its tree has {fault}, then {line.make}" for fault in faults)


def _generator_faults(had: Mapping[str, str], material: Material) -> Iterator[str]:
    made_by = material.dataset.source_tree
    generator = had.get("source_tree", "none")
    if generator != made_by:
        yield (
            f"the data generator {short(generator)}, the dataset was made by {short(made_by)}; "
            "make the dataset with this tree"
        )


def _trainer_faults(had: Mapping[str, str], material: Material) -> Iterator[str]:
    """Compare the trainer of the tree with the one of each model and of the readiness evidence."""
    trainer = had.get(TRAINER_SOURCE)
    used = [
        (f"model {model.name} was trained by", model.training.versions.get(TRAINER_SOURCE))
        for model in material.models
    ]
    if ready := material.proofs.get(READINESS_GATE):
        about = ready.evidence.predicate.versions.get(TRAINER_SOURCE)
        used.append(("its readiness was judged for", about))
    for words, source in used:
        if trainer is None or source != trainer:
            got = f"{words} {short(source or 'none')}"
            yield f"the trainer {short(trainer or 'none')}, {got}; train with this tree"


def _tree(evidence: Evidence) -> str | None:
    return next((s.digest.gitTree for s in evidence.subject if s.name == "tree"), None)
