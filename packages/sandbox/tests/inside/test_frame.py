from __future__ import annotations

from dataclasses import replace

import pytest

from tracemill_sandbox.inside.frame import Answer, Reader, encode
from tracemill_sandbox.result import Binding
from tracemill_schema.canonical import content_id

NONCE = bytes(range(32))
ANSWER = Answer(exception=None, memory=False, outputs=(), bindings=(), dropped=2, exit_code=0)


def read(stream: bytes) -> list[Answer]:
    return Reader(NONCE).feed(stream)


@pytest.mark.parametrize("before", [b"", b"noise", b'{"ok":true}' * 50, bytes(31)])
def test_the_frame_is_found_among_noise(before: bytes) -> None:
    assert read(before + encode(ANSWER, NONCE) + b"more") == [ANSWER]


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        encode(ANSWER, bytes(32)),
        NONCE,
        NONCE + bytes(3),
        encode(ANSWER, NONCE)[:-1],
        NONCE + (2).to_bytes(8, "big") + b"{}",
        NONCE + (4).to_bytes(8, "big") + b"\xff\xfe\x00{",
        NONCE + (1 << 63).to_bytes(8, "big") + b"{}",
    ],
    ids=["empty", "other nonce", "bare", "short", "cut", "no keys", "no JSON", "huge length"],
)
def test_anything_else_is_no_frame(stream: bytes) -> None:
    assert read(stream) == []


def _bound(value: str, *, line: str = "1", coverage: str = "whole", dropped: str = "0") -> bytes:
    binding = f'{{"line_number":{line},"name":"x","value":{value},"value_hash":"{"0" * 64}",'
    binding += f'"coverage":"{coverage}"}}'
    data = f'{{"exception":null,"memory":false,"outputs":[],"bindings":[{binding}],'
    return (
        data + f'"dropped":{dropped},"exit_code":0,"stdout":"","stderr":"","truncated":false}}'
    ).encode()


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
    assert len(read(NONCE + len(_bound("1")).to_bytes(8, "big") + _bound("1"))) == 1
    assert read(NONCE + len(data).to_bytes(8, "big") + data) == []


def test_the_hash_of_a_whole_value_is_not_believed() -> None:
    lie = Binding(line_number=1, name="x", value=5, value_hash="0" * 64, coverage="whole")
    (answer,) = read(encode(replace(ANSWER, outputs=(lie,)), NONCE))
    assert answer.outputs[0].value_hash == content_id(5)


@pytest.mark.parametrize("size", [1, 7, 31, 32, 33, 1000])
def test_frames_are_found_however_they_are_cut(size: int) -> None:
    stream = (b"noise" + encode(ANSWER, NONCE)) * 3
    reader = Reader(NONCE)
    found: list[Answer] = []
    for start in range(0, len(stream), size):
        found += reader.feed(stream[start : start + size])
    assert found == [ANSWER] * 3


def test_what_is_behind_an_invalid_frame_is_still_found() -> None:
    bad = NONCE + (2).to_bytes(8, "big") + b"{}"
    assert read(bad + encode(ANSWER, NONCE)) == [ANSWER]
