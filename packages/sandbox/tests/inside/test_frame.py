from __future__ import annotations

from dataclasses import replace

import pytest

from tracemill_sandbox.inside.frame import (
    BYTES_PER_VALUE,
    MOST_INVALID,
    Answer,
    Reader,
    encode,
    values_in,
    weight_of,
)
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
        _bound("NaN"),
        _bound("[-Infinity]"),
        _bound("1e999"),
    ],
    ids=["value", "summary", "line", "dropped", "deep", "digits", "nan", "infinity", "exponent"],
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
    reader = Reader(NONCE, frames=3)
    found: list[Answer] = []
    for start in range(0, len(stream), size):
        found += reader.feed(stream[start : start + size])
    assert found == [ANSWER] * 3


def test_what_is_behind_an_invalid_frame_is_still_found() -> None:
    bad = NONCE + (2).to_bytes(8, "big") + b"{}"
    assert read(bad + encode(ANSWER, NONCE)) == [ANSWER]


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b"1", 1),
        (b"[1,2,3]", 4),
        (b'{"a":[{}]}', 4),
        (b'"[,{"', 1),
        (b'["a","b","c"]', 4),
        (b'{"a":"b","c":"d"}', 4),
        (b'"a""b""c"', 3),
        (rb'"a\",[\\",[]', 3),
        (rb'["\\\",","\\",{}]', 5),
    ],
)
def test_values_are_counted_and_texts_are_one_each(data: bytes, values: int) -> None:
    assert values_in(data) == values
    assert weight_of(data) == max(len(data), BYTES_PER_VALUE * values)


def test_texts_are_counted_before_anything_is_looked_for_between_them() -> None:
    assert values_in(b'"a"' * 1000 + b"[" * 5000, most=999) == 1000
    reader = Reader(NONCE, room=1000 * BYTES_PER_VALUE)
    assert reader.feed(_framed(b'aa"' * 2002)) == []
    assert reader.refused == "its results hold more than 1000 values"


def _framed(data: bytes) -> bytes:
    return NONCE + len(data).to_bytes(8, "big") + data


DENSE = _bound("[" + ",".join(["0"] * 1000) + "]")
TEXT = _bound('"' + "[,{" * 1000 + '"')


def test_values_of_all_frames_together_are_bounded_before_they_are_parsed() -> None:
    reader = Reader(NONCE, frames=9, room=3000 * BYTES_PER_VALUE)
    assert len(reader.feed(_framed(DENSE) + _framed(TEXT))) == 2
    assert len(reader.feed(_framed(DENSE))) == 1
    assert reader.refused == ""
    assert reader.feed(_framed(DENSE) + encode(ANSWER, NONCE)) == []
    assert reader.refused == "its results hold more than 3000 values"
    assert reader.feed(encode(ANSWER, NONCE)) == []


def test_invalid_frames_are_skipped_up_to_a_bound() -> None:
    reader = Reader(NONCE)
    assert reader.feed(_framed(b"{}") * MOST_INVALID) == []
    assert reader.refused == ""
    assert reader.feed(_framed(b"{}") + encode(ANSWER, NONCE)) == []
    assert reader.refused == "it sent more than 1000 frames that are none"


def test_what_comes_behind_the_wanted_frames_is_not_looked_at() -> None:
    reader = Reader(NONCE, frames=2)
    assert reader.feed(encode(ANSWER, NONCE) * 3) == [ANSWER] * 2
    assert reader.feed(_framed(b"{}") * (MOST_INVALID + 1)) == []
    assert reader.refused == ""


def test_a_fault_for_each_of_many_values_is_told_once() -> None:
    many = b",".join([b"{}"] * 200_000)
    data = _bound("1").replace(b'"bindings":[', b'"bindings":[' + many + b",")
    reader = Reader(NONCE)
    assert reader.feed(_framed(data)) == []
    assert reader.refused == ""
