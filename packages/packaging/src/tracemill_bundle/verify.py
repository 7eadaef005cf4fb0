"""Verifying a bundle by itself; nothing but the file (and a public key) is needed.

form        a zip as a build writes it, safe names, nothing compressed      (archive)
manifest    bundle.v1, its id, canonical bytes
files       none missing, none extra, each digest and size
belong      the records are about each other                                (material)
evidence    judged again by the table that the build used                   (requirement)
signature   form and subject always, the signer if a key is given           (signature)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tracemill_bundle import signature
from tracemill_bundle.archive import ArchiveShelf, opened
from tracemill_bundle.card import CARDS
from tracemill_bundle.errors import BundleBroken
from tracemill_bundle.material import Material, content, faults, load
from tracemill_bundle.requirement import shortfalls
from tracemill_schema.bundle import Bundle
from tracemill_schema.errors import RecordError

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A bundle that is whole.

    Attributes:
        manifest: Its manifest.
        material: Its records.
        signed: Whether it carries a signature.
        signer_checked: Whether the signature was checked with a key.
        size: Bytes of all files.
    """

    manifest: Bundle
    material: Material
    signed: bool
    signer_checked: bool
    size: int


def verify(path: Path, *, key: Ed25519PublicKey | None) -> Verified:
    """Check a bundle.

    Raises:
        BundleUsage: there is no such file.
        BundleBroken: it is not what it says; the message lists every fault.
    """
    with opened(path) as shelf:
        try:
            manifest = _manifest(shelf)
            _refuse(path, [*_file_faults(shelf, manifest), *_signature_faults(shelf, key)])
            material = load(shelf)
        except RecordError as error:
            raise BundleBroken(str(path), str(error).splitlines()) from error
        _refuse(path, [*faults(shelf, material), *_claim_faults(manifest, material)])
        signed = SIGNATURE in shelf.names()
        return Verified(
            manifest=manifest,
            material=material,
            signed=signed,
            signer_checked=signed and key is not None,
            size=sum(file.bytes for file in manifest.files),
        )


def _refuse(path: Path, found: list[str]) -> None:
    if found:
        raise BundleBroken(str(path), found)


def _manifest(shelf: ArchiveShelf) -> Bundle:
    data = content(shelf, MANIFEST)
    manifest = Bundle.from_bytes(data, where=MANIFEST)
    manifest.verify_id(where=MANIFEST)
    if manifest.to_bytes() + b"\n" != data:
        _refuse(shelf.path, [f"{MANIFEST}: wanted canonical JSON, got other bytes"])
    return manifest


def _file_faults(shelf: ArchiveShelf, manifest: Bundle) -> Iterator[str]:
    there = [name for name in shelf.names() if name not in {MANIFEST, SIGNATURE}]
    listed = [file.path for file in manifest.files]
    if listed != sorted(set(listed)):
        yield f"{MANIFEST}: wanted each file once and sorted"
    yield from (f"{name}: is not in the manifest" for name in there if name not in listed)
    for file in manifest.files:
        if file.path not in there:
            yield f"{file.path}: wanted the file, got none"
            continue
        stamp = shelf.stamp(file.path)
        if (stamp.sha256, stamp.size) != (file.sha256, file.bytes):
            yield f"{file.path}: its digest is not that of the manifest"
    yield from (f"{name}: wanted the file, got none" for name in CARDS if name not in listed)


def _signature_faults(shelf: ArchiveShelf, key: Ed25519PublicKey | None) -> Iterator[str]:
    if SIGNATURE in shelf.names():
        data, manifest = content(shelf, SIGNATURE), content(shelf, MANIFEST)
        if fault := signature.fault(data, manifest, key):
            yield f"{SIGNATURE}: {fault}"
    elif key is not None:
        yield f"{SIGNATURE}: wanted a signature by key {signature.key_id(key)}, got none"


def _claim_faults(manifest: Bundle, material: Material) -> Iterator[str]:
    """Yield where the manifest says something else than the records and the evidence."""
    if manifest.dataset_id != material.dataset.id:
        yield f"{MANIFEST}: dataset_id is not the id of the dataset"
    if manifest.model not in {model.checkpoint.sha256 for model in material.models}:
        yield f"{MANIFEST}: model is not the last checkpoint of a model"
    if manifest.evidence != {gate: proof.digest for gate, proof in material.proofs.items()}:
        yield f"{MANIFEST}: evidence is not that of the evidence files"
    final = manifest.status == "final"
    if final == bool(manifest.rehearsal_reasons):
        yield f"{MANIFEST}: a rehearsal has reasons, a final bundle has none"
    for lack in shortfalls(material):
        if lack.level == "rehearsal" or final:
            yield lack.message
