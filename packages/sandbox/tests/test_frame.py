from __future__ import annotations

import pytest

from tracemill_sandbox.frame import Payload, Said, decode, encode, heard
from tracemill_schema.canonical import content_id

NONCE = bytes(range(32))
PAYLOAD = Payload(exception=None, memory=False, outputs=(), bindings=(), dropped=2)


@pytest.mark.parametrize("before", [b"", b"noise", b'{"ok":true}' * 50, bytes(31)])
def test_the_frame_is_found_among_noise(before: bytes) -> None:
    assert decode(before + encode(PAYLOAD, NONCE) + b"more", NONCE) == PAYLOAD


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        encode(PAYLOAD, bytes(32)),
        NONCE,
        NONCE + bytes(3),
        encode(PAYLOAD, NONCE)[:-1],
        NONCE + (2).to_bytes(8, "big") + b"{}",
        NONCE + (4).to_bytes(8, "big") + b"\xff\xfe\x00{",
        NONCE + (1 << 63).to_bytes(8, "big") + b"{}",
    ],
    ids=["empty", "other nonce", "bare", "short", "cut", "no keys", "no JSON", "huge length"],
)
def test_anything_else_is_no_frame(stream: bytes) -> None:
    assert decode(stream, NONCE) is None


def test_the_hash_of_a_whole_value_is_not_believed() -> None:
    lie = Said(line_number=1, name="x", value=5, value_hash="0" * 64, coverage="whole")
    assert heard(lie).value_hash == content_id(5)
