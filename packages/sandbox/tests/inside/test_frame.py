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


def _bound(value: str, *, line: str = "1", coverage: str = "whole", dropped: str = "0") -> bytes:
    binding = f'{{"line_number":{line},"name":"x","value":{value},"value_hash":"{"0" * 64}",'
    binding += f'"coverage":"{coverage}"}}'
    data = f'{{"exception":null,"memory":false,"outputs":[],"bindings":[{binding}],'
    return (data + f'"dropped":{dropped}}}').encode()


BEYOND = str(2**70)


@pytest.mark.parametrize(
    "data",
    [
        _bound(BEYOND),
        _bound(BEYOND, coverage="summary"),
        _bound("1", line=BEYOND),
        _bound("1", dropped=BEYOND),
        _bound("[" * 250 + "]" * 250),
        _bound("9" * 5000),
    ],
    ids=["value", "summary", "line", "dropped", "deep", "digits"],
)
def test_what_the_host_could_not_hash_is_no_frame(data: bytes) -> None:
    assert decode(NONCE + len(_bound("1")).to_bytes(8, "big") + _bound("1"), NONCE) is not None
    assert decode(NONCE + len(data).to_bytes(8, "big") + data, NONCE) is None


def test_the_hash_of_a_whole_value_is_not_believed() -> None:
    lie = Said(line_number=1, name="x", value=5, value_hash="0" * 64, coverage="whole")
    assert heard(lie).value_hash == content_id(5)
