"""Tampering with a bundle, one way after another: each is found."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle import archive
from tracemill_bundle.build import Built
from tracemill_bundle.errors import BundleBroken, BundleUsage
from tracemill_bundle.shelf import StagedShelf
from tracemill_bundle.verify import verify
from tracemill_schema.bundle import Bundle

Build = Callable[..., Built]
Files = dict[str, bytes]


def contents(path: Path) -> Files:
    with zipfile.ZipFile(path) as there:
        return {name: there.read(name) for name in there.namelist()}


def rewritten(path: Path, files: Files) -> Path:
    archive.write(path, StagedShelf(dict(files)))
    return path


def relisted(files: Files, **changes: object) -> Files:
    """Return the files with a manifest that is true to them, as a careful forger writes it."""
    manifest = Bundle.from_bytes(files["manifest.json"].strip(), where="test")
    listed = []
    for file in manifest.files:
        if file.path in files:
            data = files[file.path]
            digest = hashlib.sha256(data).hexdigest()
            listed.append(file.replace(sha256=digest, bytes=len(data)))
    values = {name: getattr(manifest, name) for name in Bundle.model_fields if name != "id"}
    evidence = {
        name.removeprefix("evidence/").removesuffix(".json"): hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name.startswith("evidence/")
    }
    values |= {"files": tuple(listed), "evidence": evidence, **changes}
    return {**files, "manifest.json": Bundle.make(**values).to_bytes() + b"\n"}


def test_a_fresh_bundle_is_whole(archive_file: Path) -> None:
    found = verify(archive_file, key=None)
    assert (found.manifest.name, found.signed, found.signer_checked) == ("demo", False, False)


def test_a_flipped_byte_is_found_wherever_it_is(archive_file: Path) -> None:
    """Every 907th byte, and each of the last sixty of the listing, which no checksum covers."""
    whole = archive_file.read_bytes()
    for position in (*range(0, len(whole), 907), *range(len(whole) - 60, len(whole))):
        data = bytearray(whole)
        data[position] ^= 0x20
        archive_file.write_bytes(bytes(data))
        with pytest.raises(BundleBroken):
            verify(archive_file, key=None)


def dropped(files: Files) -> Files:
    return {name: data for name, data in files.items() if name != "models/traces/loss.svg"}


def added(files: Files) -> Files:
    return {**files, "extra.txt": b"x"}


def swapped(files: Files) -> Files:
    one, other = "evidence/train-traces.json", "evidence/train-answers.json"
    return {**files, one: files[other], other: files[one]}


def carded(files: Files) -> Files:
    return {**files, "MODEL_CARD.md": b"# The best model\n"}


def unlisted_card(files: Files) -> Files:
    return relisted({name: data for name, data in files.items() if name != "MODEL_CARD.md"})


def forged_swap(files: Files) -> Files:
    return relisted(swapped(files))


def forged_weights(files: Files) -> Files:
    return relisted({**files, "models/traces/checkpoints/2/d/0.0": b"other weights"})


def forged_items(files: Files) -> Files:
    return relisted({**files, "evaluations/traces/items.jsonl": b"{}\n"})


def forged_final(files: Files) -> Files:
    return relisted(files, status="final", rehearsal_reasons=())


def stripped_evidence(files: Files) -> Files:
    return relisted({n: d for n, d in files.items() if n != "evidence/train-traces.json"})


def no_manifest(files: Files) -> Files:
    return {name: data for name, data in files.items() if name != "manifest.json"}


def old_id(files: Files) -> Files:
    data = files["manifest.json"].replace(b'"rehearsal"', b'"final"')
    return {**files, "manifest.json": data}


def blank_manifest(files: Files) -> Files:
    return {**files, "manifest.json": files["manifest.json"] + b"\n"}


TAMPERED: list[tuple[Callable[[Files], Files], str]] = [
    (dropped, "models/traces/loss.svg: wanted the file, got none"),
    (added, "extra.txt: is not in the manifest"),
    (swapped, "evidence/train-answers.json: its digest is not that of the manifest"),
    (carded, "MODEL_CARD.md: its digest is not that of the manifest"),
    (unlisted_card, "MODEL_CARD.md: wanted the file, got none"),
    (forged_swap, "evidence/train-answers.json: is about the gate 'train-traces'"),
    (forged_weights, "models/traces/checkpoints/2: its files are not those in run_manifest.json"),
    (forged_items, "evaluations/traces/items.jsonl: its digest is not the one in eval_summary"),
    (forged_final, "evidence/gate.json: missing; make it: nox -s gate"),
    (stripped_evidence, "evidence/train-traces.json: missing"),
    (no_manifest, "manifest.json: wanted the file, got none"),
    (old_id, "/id: wanted "),
    (blank_manifest, "manifest.json: wanted canonical JSON, got other bytes"),
]


@pytest.mark.parametrize(
    ("tamper", "message"), TAMPERED, ids=lambda value: getattr(value, "__name__", "")
)
def test_tampering_is_found(
    archive_file: Path, tamper: Callable[[Files], Files], message: str
) -> None:
    rewritten(archive_file, tamper(contents(archive_file)))
    with pytest.raises(BundleBroken) as caught:
        verify(archive_file, key=None)
    assert message in str(caught.value)
    assert caught.value.exit_code == 1


def test_the_forger_of_the_tests_makes_a_whole_bundle_when_nothing_is_forged(
    archive_file: Path,
) -> None:
    whole = archive_file.read_bytes()
    rewritten(archive_file, relisted(contents(archive_file)))
    assert archive_file.read_bytes() == whole


def test_a_stale_digest_is_found(workspace: Path, archive_file: Path, build_bundle: Build) -> None:
    """The records of yesterday's model do not vouch for today's weights."""
    (workspace / "models/traces/checkpoints/2/d/0.0").write_bytes(b"trained again")
    with pytest.raises(Exception, match="its files are not those in run_manifest.json"):
        build_bundle(workspace)


def test_a_missing_file_is_a_usage_fault(tmp_path: Path) -> None:
    with pytest.raises(BundleUsage, match="none.zip: wanted a bundle, got: No such file") as caught:
        verify(tmp_path / "none.zip", key=None)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all", b"\x00" * 500])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(BundleBroken, match="not a zip archive"):
        verify(path, key=None)


def test_a_dataset_file_that_changed_is_found_at_build(
    workspace: Path, build_bundle: Build
) -> None:
    (workspace / "datasets/tiny-v1/traces/train.jsonl").write_bytes(b"{}\n")
    with pytest.raises(Exception, match="traces/train.jsonl: its digest is not that of"):
        build_bundle(workspace)
    shutil.rmtree(workspace / "datasets/tiny-v1/traces")
    with pytest.raises(Exception, match=r"traces/train.jsonl: wanted the file, got none"):
        build_bundle(workspace)
