from __future__ import annotations

import asyncio
import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracemill_sandbox.errors import (
    RequestInvalid,
    SandboxUnavailable,
    SessionClosed,
    WorkerLost,
)
from tracemill_sandbox.oci.wire import (
    Answer,
    Ask,
    Cell,
    Fault,
    Setup,
    WireFault,
    decode,
    encode,
    error_of,
    fault_of,
    from_json,
    receive,
    to_json,
)
from tracemill_sandbox.request import (
    SECONDS,
    SPANS,
    BatchRequest,
    Limits,
    RunRequest,
    SessionRequest,
)
from tracemill_sandbox.result import Binding, Claims, Facts, RunResult
from tracemill_sandbox.worker import Greeting, Health, StopFailure

TEXT = st.text(st.characters(), max_size=20)  # lone surrogates and NUL among them
NAMES = st.sampled_from(("x", "answer", "größe", "_"))
PATHS = st.sampled_from(("a.csv", "b/c.txt", "ä b", "*.png"))
NUMBERS = st.floats(allow_nan=False) | st.integers()
ABOVE_0 = st.floats(0.001, SECONDS.most) | st.integers(1, SECONDS.most)
COUNTS = st.integers(1, min(span.most for span in SPANS.values() if span.least is not None))
FILES = st.dictionaries(PATHS, st.binary(max_size=40), max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
LIMITS = st.builds(
    Limits,
    wall_seconds=ABOVE_0,
    cpu_seconds=ABOVE_0,
    memory_bytes=COUNTS,
    open_files=st.integers(32, SPANS["open_files"].most),
    kept_bytes=COUNTS,
)
TUPLES = st.lists(NAMES, max_size=3).map(tuple)
REQUESTS = st.builds(
    RunRequest,
    code=TEXT,
    files=FILES,
    limits=LIMITS,
    outputs=TUPLES,
    keep=st.lists(PATHS, max_size=2).map(tuple),
    subprocess=st.booleans(),
)
BATCHES = st.builds(
    BatchRequest,
    codes=st.lists(TEXT, min_size=1, max_size=4).map(tuple),
    files=FILES,
    limits=LIMITS,
    outputs=TUPLES,
    subprocess=st.booleans(),
)
SESSIONS = st.builds(SessionRequest, files=FILES, limits=LIMITS, seconds=ABOVE_0)
BINDINGS = st.builds(Binding, value=VALUES, name=TEXT, value_hash=TEXT)
RESULTS = st.builds(
    RunResult,
    run_id=TEXT,
    worker_id=TEXT,
    tier=TEXT,
    reason=TEXT,
    facts=st.builds(Facts, wall_seconds=NUMBERS, cpu_seconds=NUMBERS, queue_seconds=NUMBERS),
    claims=st.builds(
        Claims,
        stdout=TEXT,
        files=st.dictionaries(TEXT, st.integers(), max_size=3),
        contents=st.dictionaries(TEXT, st.binary(max_size=40), max_size=3),
        outputs=st.dictionaries(NAMES, BINDINGS, max_size=2),
        bindings=st.lists(BINDINGS, max_size=2).map(tuple),
    ),
)
ANY = st.one_of(
    REQUESTS,
    BATCHES,
    SESSIONS,
    RESULTS,
    st.builds(Cell, code=TEXT, outputs=TUPLES),
    st.builds(Setup, libraries=TUPLES, avoid=TUPLES),
    st.builds(Greeting),
    st.builds(Health),
    st.builds(StopFailure),
)


@given(ANY)
def test_what_is_said_is_what_is_heard(value: object) -> None:
    frame = encode(Ask(number=3, verb="run", body=to_json(value)))
    heard = decode(Ask, frame[4:])
    assert struct.unpack(">I", frame[:4]) == (len(frame) - 4,)
    assert from_json(type(value), heard.body) == value
    assert frame[4:].isascii()


RUN = to_json(RunRequest(code="x = 1", files={"a": b"\xff"}))
RESULT_FACTS = dict.fromkeys(Facts.__dataclass_fields__, 1)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (int, "3", "$: wanted int, got a str"),
        (int, True, "$: wanted int, got a bool"),
        (bool, 1, "$: wanted bool, got a int"),
        (float, None, "$: wanted float, got a NoneType"),
        (RunRequest, [], "$: wanted an object, got a list"),
        (RunRequest, RUN | {"code": 5}, "$.code: wanted str, got a int"),
        (RunRequest, RUN | {"files": {"a": "?"}}, "$.files['a']: wanted base64, got "),
        (RunRequest, RUN | {"files": {"a": None}}, "$.files['a']: wanted base64, got a NoneType"),
        (RunRequest, RUN | {"outputs": "xy"}, "$.outputs: wanted an array, got a str"),
        (RunRequest, RUN | {"outputs": ["x", 2]}, "$.outputs[1]: wanted str, got a int"),
        (Health, {"descriptors": 1}, "$: wanted the keys ['descriptors', 'memory_bytes'], got "),
        (Health, {"descriptors": 1, "memory_bytes": 1, "more": 2}, "$: wanted the keys "),
        (Facts, RESULT_FACTS | {"signal": "9"}, "$.signal: wanted int, got a str"),
        (
            Binding,
            {"line_number": 1, "name": "", "value": 0, "value_hash": "", "coverage": "all"},
            "$.coverage: wanted one of ['whole', 'summary', 'opaque'], got 'all'",
        ),
    ],
)
def test_what_is_not_of_the_declared_type_is_named_with_its_place(
    kind: type, value: object, text: str
) -> None:
    with pytest.raises(WireFault) as caught:
        from_json(kind, value)
    assert str(caught.value).startswith(text)


def test_a_request_is_checked_again_where_it_arrives() -> None:
    with pytest.raises(RequestInvalid, match="relative path"):
        from_json(RunRequest, RUN | {"files": {"../x": ""}})


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(WireFault, match="^wanted a value with a JSON form, got a set$"):
        to_json({"a": {1}})


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b"[" * 100_000, b'{"number":' + b"9" * 5000 + b"}", b"[]", b"{}"],
    ids=["empty", "cut", "no text", "deep", "digits", "array", "no keys"],
)
def test_anything_else_is_no_message(data: bytes) -> None:
    with pytest.raises(WireFault):
        decode(Answer, data)


def _receive(data: bytes, most: int = 1000) -> Ask | None:
    async def work() -> Ask | None:
        stream = asyncio.StreamReader()
        stream.feed_data(data)
        stream.feed_eof()
        return await receive(Ask, stream, most=most)

    return asyncio.run(work())


FRAME = encode(Ask(number=1, verb="ping"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (FRAME[:2], "frame: cut off"),
        (FRAME[:4], "frame: cut off"),
        (FRAME[:-1], "frame: cut off"),
        (b"\xff\xff\xff\xff", "frame: wanted at most 1000 bytes, got 4294967295"),
        (struct.pack(">I", 1001) + b" " * 1001, "frame: wanted at most 1000 bytes, got 1001"),
    ],
)
def test_a_frame_that_is_cut_or_too_long_is_refused(data: bytes, text: str) -> None:
    with pytest.raises(WireFault) as caught:
        _receive(data)
    assert str(caught.value) == text


def test_the_end_between_two_frames_is_no_fault() -> None:
    assert _receive(b"") is None
    assert _receive(FRAME + FRAME[:1]) == Ask(number=1, verb="ping")


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(WireFault, match="^frame: wanted at most 60 bytes, got 1"):
        encode(Ask(number=1, verb="run", body="x" * 60), most=60)


@pytest.mark.parametrize(
    "error",
    [
        WorkerLost("it is gone"),
        SessionClosed("its time is up"),
        RequestInvalid("no such thing"),
        SandboxUnavailable(reasons=("no kernel",), remedies=("take one", "or two")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_arrive_as_what_they_were(error: WorkerLost) -> None:
    heard = error_of(from_json(Fault, to_json(fault_of(error))))
    assert type(heard) is type(error)
    assert str(heard) == str(error)
    assert vars(heard) == vars(error)


def test_an_unknown_error_is_a_lost_worker() -> None:
    fault = replace(fault_of(WireFault("no frame")), kind="SystemExit")
    assert isinstance(error_of(fault), WorkerLost)
    assert fault_of(WireFault("no frame")) == Fault(kind="WorkerLost", text="no frame")
