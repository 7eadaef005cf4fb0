"""A verified bundle as text for a person."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_bundle.verify import Verified
from tracemill_schema.canonical import short


def lines(found: Verified) -> Iterator[str]:
    """Yield the lines of ``tracemill bundle show``."""
    manifest, material = found.manifest, found.material
    yield f"bundle      {manifest.name} {short(manifest.id)}, {manifest.status}"
    for reason in manifest.rehearsal_reasons:
        yield f"  not final: {reason}"
    yield f"files       {len(manifest.files)}, {found.size:,} bytes"
    yield f"signature   {signature_state(found)}"
    dataset = material.dataset
    yield f"dataset     {dataset.key} {short(dataset.id)}, {dataset.counts.total:,} traces"
    for model in material.models:
        main = ", the bundle's own" if model.checkpoint.sha256 == manifest.model else ""
        yield f"model       {model.name} {short(model.checkpoint.sha256)}{main}"
    for item in material.evaluations:
        rate = item.summary.pass_at_1
        shown = f"pass@1 {rate.rate:.3f} [{rate.low:.3f}, {rate.high:.3f}]"
        yield f"evaluation  {item.name}: {shown} of {item.summary.n_items} items"
    for gate, proof in sorted(material.proofs.items()):
        checked = proof.evidence.predicate.checked
        device = proof.evidence.predicate.device
        yield f"evidence    {gate}: {checked:,} checked on {device}"


def signature_state(found: Verified) -> str:
    """Return what is known of the signature."""
    if not found.signed:
        return "none"
    return "valid for the given key" if found.signer_checked else "there, signer not checked"
