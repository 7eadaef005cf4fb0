"""A signature over the manifest: an in-toto Statement in a DSSE envelope, signed with Ed25519.

Ed25519 is deterministic, so a signed bundle is bit-identical too. Sources: DSSE protocol 1.0
(pre-authentication encoding), in-toto Statement v1, RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field

from tracemill_bundle.errors import BundleUsage
from tracemill_schema.canonical import canonical_bytes
from tracemill_schema.errors import RecordError
from tracemill_schema.record import Record

PAYLOAD_TYPE = "application/vnd.in-toto+json"


class Signature(Record):
    """One signature of an envelope."""

    keyid: str = Field(description="SHA-256 of the raw public key, first 16 hex digits")
    sig: str = Field(description="base64")


class Envelope(Record):
    """A DSSE envelope."""

    contract: ClassVar[str] = "DSSE envelope"

    payload: str = Field(description="base64 of the Statement")
    payloadType: str  # noqa: N815 - DSSE's name
    signatures: tuple[Signature, ...] = Field(min_length=1, max_length=1)


def generate(path: Path) -> Path:
    """Write a new private key (mode 0600) and its public key beside it; return the latter.

    Raises:
        BundleUsage: a file is there already, or cannot be written.
    """
    public = path.with_name(path.name + ".pub")
    for file in (path, public):
        if os.path.lexists(file):
            raise BundleUsage(f"{file}: could not be made (File exists); choose another name")
    key = Ed25519PrivateKey.generate()
    try:
        # O_EXCL refuses to overwrite; the mode keeps others out from the start
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        with public.open("xb") as stream:
            stream.write(
                key.public_key().public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            )
    except OSError as error:
        raise BundleUsage(
            f"{error.filename}: could not be made ({error.strerror}); choose another name"
        ) from error
    return public


def load_private(path: Path) -> Ed25519PrivateKey:
    """Read a private key; raises BundleUsage if it is no Ed25519 key in PEM."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, "private") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(path, "private")
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """Read a public key; raises BundleUsage if it is no Ed25519 key in PEM."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, "public") from error
    if not isinstance(key, Ed25519PublicKey):
        raise _unusable(path, "public")
    return key


def sign(manifest: bytes, key: Ed25519PrivateKey) -> Envelope:
    """Sign the bytes of a manifest."""
    payload = _statement(manifest)
    return Envelope(
        payload=base64.b64encode(payload).decode(),
        payloadType=PAYLOAD_TYPE,
        signatures=(
            Signature(
                keyid=key_id(key.public_key()),
                sig=base64.b64encode(key.sign(_encoding(payload))).decode(),
            ),
        ),
    )


def fault(envelope: bytes, manifest: bytes, key: Ed25519PublicKey | None) -> str | None:
    """Return what is wrong with a signature, or None.

    Without a key only form and subject are checked: who signed stays unknown.
    """
    try:
        read = Envelope.from_bytes(envelope, where="signature.json")
        payload = base64.b64decode(read.payload, validate=True)
        signed = base64.b64decode(read.signatures[0].sig, validate=True)
    except (RecordError, binascii.Error) as error:
        return str(error)
    if read.to_bytes() + b"\n" != envelope or read.payloadType != PAYLOAD_TYPE:
        return "not the envelope that a build writes"
    if payload != _statement(manifest):
        return "signs another manifest"
    return None if key is None else _key_fault(read.signatures[0].keyid, payload, signed, key)


def _key_fault(name: str, payload: bytes, signed: bytes, key: Ed25519PublicKey) -> str | None:
    if name != key_id(key):
        return f"made with key {name}, not {key_id(key)}"
    try:
        key.verify(signed, _encoding(payload))
    except InvalidSignature:
        return "the signature does not fit the key"
    return None


def key_id(key: Ed25519PublicKey) -> str:
    """Return the name of a key: SHA-256 of its raw bytes, first 16 hex digits."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _statement(manifest: bytes) -> bytes:
    digest = hashlib.sha256(manifest).hexdigest()
    return canonical_bytes(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "manifest.json", "digest": {"sha256": digest}}],
            "predicateType": "urn:tracemill:bundle:v1",
            "predicate": {},
        }
    )


def _encoding(payload: bytes) -> bytes:
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _unusable(path: Path, kind: str) -> BundleUsage:
    return BundleUsage(
        f"{path}: wanted a {kind} Ed25519 key in PEM; make one with `tracemill bundle keygen`"
    )
