"""Signing and checking the manifest."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle import signature
from tracemill_bundle.build import Built
from tracemill_bundle.errors import BundleBroken, BundleUsage
from tracemill_bundle.verify import verify

MANIFEST = b'{"a":1}\n'
Build = Callable[..., Built]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A private key; its public key lies beside it."""
    path = tmp_path / "key.pem"
    assert signature.generate(path) == tmp_path / "key.pem.pub"
    return path


def envelope(key_file: Path, manifest: bytes = MANIFEST) -> bytes:
    return signature.sign(manifest, signature.load_private(key_file)).to_bytes() + b"\n"


def public(key_file: Path) -> signature.Ed25519PublicKey:
    return signature.load_public(key_file.with_name(key_file.name + ".pub"))


def test_a_signature_fits_its_manifest_and_key(key_file: Path) -> None:
    assert signature.fault(envelope(key_file), MANIFEST, public(key_file)) is None
    assert signature.fault(envelope(key_file), MANIFEST, None) is None


def test_signing_twice_gives_the_same_bytes(key_file: Path) -> None:
    assert envelope(key_file) == envelope(key_file)


def test_another_manifest_another_key_and_another_signature_are_found(
    key_file: Path, tmp_path: Path
) -> None:
    signature.generate(tmp_path / "other.pem")
    other = public(tmp_path / "other.pem")
    own = signature.key_id(public(key_file))
    data = envelope(key_file)
    assert signature.fault(data, b"{}\n", None) == "signs another manifest"
    wrong = f"made with key {own}, not {signature.key_id(other)}"
    assert signature.fault(data, MANIFEST, other) == wrong
    values = json.loads(data)
    values["signatures"][0]["sig"] = base64.b64encode(bytes(64)).decode()
    forged = signature.Envelope.from_values(values, where="test").to_bytes() + b"\n"
    wrong = "the signature does not fit the key"
    assert signature.fault(forged, MANIFEST, public(key_file)) == wrong


def test_the_encoding_is_that_of_the_dsse_protocol() -> None:
    """The example of the protocol's text, for our payload type."""
    head = b"DSSEv1 28 application/vnd.in-toto+json 11 "
    assert signature._encoding(b"hello world") == head + b"hello world"


def test_a_key_is_private_and_never_overwritten(key_file: Path) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    with pytest.raises(BundleUsage, match="could not be made .File exists.; choose another name"):
        signature.generate(key_file)


def test_no_private_key_is_left_without_its_public_one(tmp_path: Path) -> None:
    (tmp_path / "key.pem.pub").write_text("another's")
    with pytest.raises(BundleUsage) as caught:
        signature.generate(tmp_path / "key.pem")
    assert str(caught.value) == (
        f"{tmp_path}/key.pem.pub: could not be made (File exists); choose another name"
    )
    assert not (tmp_path / "key.pem").exists()


@pytest.mark.parametrize("load", [signature.load_private, signature.load_public])
def test_what_is_no_key_is_refused(tmp_path: Path, load: Callable[[Path], object]) -> None:
    path = tmp_path / "nokey"
    for data in (None, b"", b"no key"):
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(BundleUsage, match="Ed25519 key in PEM; make one with") as caught:
            load(path)
        assert "no key" not in str(caught.value)


def test_a_signed_bundle_is_bit_identical_and_names_its_signer(
    workspace: Path, build_bundle: Build, key_file: Path
) -> None:
    first = build_bundle(workspace, key=key_file).path.read_bytes()
    (workspace / "bundle/demo.zip").unlink()
    path = build_bundle(workspace, key=key_file).path
    assert path.read_bytes() == first
    assert verify(path, key=public(key_file)).signer_checked
    assert not verify(path, key=None).signer_checked


def test_an_unsigned_bundle_does_not_pass_for_a_signed_one(
    archive_file: Path, key_file: Path
) -> None:
    with pytest.raises(BundleBroken, match="signature.json: wanted a signature by key"):
        verify(archive_file, key=public(key_file))
