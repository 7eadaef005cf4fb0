"""Building a bundle, whole.

    collect      workspace -> files by their path in the bundle           (collect)
    belong       the parts are about each other, digests from disk        (material)
    require      evidence for exactly these digests, or no bundle         (requirement)
    describe     model card, data card, licences, code                    (card)
    list         bundle.v1 with every file and what it was made from      (here)
    sign         optional: DSSE envelope over the manifest                (signature)
    write        one zip, bit-identical for the same files                (archive)

No clock is read anywhere on this way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tracemill_bundle import archive, card, signature
from tracemill_bundle.collect import Sources, collect
from tracemill_bundle.errors import BundleRefused
from tracemill_bundle.licence import OWN, joined
from tracemill_bundle.material import ITEMS, Material, faults, load
from tracemill_bundle.requirement import Shortfall, shortfalls
from tracemill_bundle.shelf import Shelf, StagedShelf
from tracemill_bundle.verify import MANIFEST, SIGNATURE, verify
from tracemill_schema.bundle import Bundle, BundleFile
from tracemill_schema.errors import FaultsFound
from tracemill_schema.jsonl import write_bytes

Progress = Callable[[str, int, int, str], None]
ASKED_FOR = "it was asked for as a rehearsal"


@dataclass(frozen=True, kw_only=True)
class Built:
    """A bundle on disk.

    Attributes:
        path: The archive.
        manifest: Its manifest, which also lies beside it.
        reused: True if exactly this archive stood there already.
    """

    path: Path
    manifest: Bundle
    reused: bool


def build(
    sources: Sources,
    *,
    out: Path,
    name: str,
    rehearsal: bool,
    key: Ed25519PrivateKey | None,
    progress: Progress,
) -> Built:
    """Build ``out/NAME.zip`` and ``out/manifest.json``.

    Args:
        sources: Where the parts lie.
        out: Folder that is written to.
        name: Name of the bundle and of its archive.
        rehearsal: Whether the bundle may lack what a final one needs.
        key: Signs the manifest; None leaves it unsigned.
        progress: Is told label, steps done, steps in all and a note.

    Raises:
        BundleRefused: evidence is missing, red or about something else; all of it is listed.
        RecordError: a record of the workspace does not meet its contract.
        CannotWrite: the disk refused; nothing half-written is left.
    """
    progress("bundle", 0, 3, "hashing")
    shelf = collect(sources)
    material = load(shelf)
    if wrong := tuple(faults(shelf, material)):
        raise BundleRefused("the parts do not belong together:", wrong)
    reasons = _require(shortfalls(material), rehearsal=rehearsal)
    shelf = shelf.with_texts(card.texts(material, name=name, reasons=reasons))
    manifest = _manifest(shelf, material, name=name, reasons=reasons, main=sources.models[0].name)
    line = manifest.to_bytes() + b"\n"
    texts = {MANIFEST: line.decode()}
    if key is not None:
        texts[SIGNATURE] = signature.sign(line, key).to_bytes().decode() + "\n"
    progress("bundle", 1, 3, "writing")
    path = out / f"{name}.zip"
    shelf = shelf.with_texts(texts)
    reused = _stands(path, shelf)
    if not reused:
        archive.write(path, shelf)
    write_bytes(out / MANIFEST, line)
    progress("bundle", 2, 3, "verifying")
    verify(path, key=key.public_key() if key else None)
    progress("bundle", 3, 3, manifest.status)
    return Built(path=path, manifest=manifest, reused=reused)


def _require(found: tuple[Shortfall, ...], *, rehearsal: bool) -> tuple[str, ...]:
    """Refuse what lacks its evidence; return the reasons why a rehearsal is not final."""
    needed = [s.message for s in found if s.level == "rehearsal" or not rehearsal]
    if needed:
        kind = "rehearsal" if rehearsal else "final bundle"
        raise BundleRefused(f"no {kind} without its evidence:", needed)
    if not rehearsal:
        return ()
    return tuple(s.message for s in found) or (ASKED_FOR,)


def _manifest(
    shelf: StagedShelf, material: Material, *, name: str, reasons: tuple[str, ...], main: str
) -> Bundle:
    origin = _Origin(material)
    files = tuple(
        BundleFile(
            path=path,
            sha256=shelf.stamp(path).sha256,
            bytes=shelf.stamp(path).size,
            licence=origin.licence(path),
            made_from=origin.made_from(path),
        )
        for path in shelf.names()
    )
    digests = {model.name: model.checkpoint.sha256 for model in material.models}
    return Bundle.make(
        name=name,
        status="rehearsal" if reasons else "final",
        rehearsal_reasons=reasons,
        files=files,
        evidence={gate: proof.digest for gate, proof in material.proofs.items()},
        dataset_id=material.dataset.id,
        model=digests[main],
    )


@dataclass(frozen=True)
class _Origin:
    """What each file was made from, and the licence that follows."""

    material: Material

    def made_from(self, path: str) -> tuple[str, ...]:
        """Return the ids of what a file was made from."""
        dataset = self.material.dataset.id
        models = {model.name: model.checkpoint.sha256 for model in self.material.models}
        tests = {found.name: found for found in self.material.evaluations}
        top, *rest = path.split("/")
        if top == "dataset":
            return (self.material.dataset.source_tree,)
        if top == "models":
            return (dataset,)
        if top == "evaluations":
            summary = tests[rest[0]].summary
            return (summary.checkpoint, summary.evaluation_set)
        if top == "evidence":
            return ()
        return (dataset, *(models[name] for name in sorted(models)))

    def licence(self, path: str) -> str:
        """Return the licence of a file: the data's where it shows data, else our own."""
        shows_data = path.startswith("dataset/") or path.endswith(f"/{ITEMS}")
        return joined(self.material.dataset.licences) if shows_data else OWN


def _stands(path: Path, shelf: Shelf) -> bool:
    """Tell whether exactly these files stand there as a whole archive."""
    if not path.is_file():
        return False
    try:
        with archive.opened(path) as there:
            same_names = there.names() == shelf.names()
            return same_names and all(there.stamp(n) == shelf.stamp(n) for n in shelf.names())
    except FaultsFound:
        return False
