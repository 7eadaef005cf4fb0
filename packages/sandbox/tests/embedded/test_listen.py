from __future__ import annotations

import asyncio
import fcntl
import os
from dataclasses import replace

from tracemill_sandbox.embedded.listen import Listener, Pipes, Stream
from tracemill_sandbox.inside.frame import Answer, encode
from tracemill_sandbox.request import Limits
from tracemill_sandbox.result import Binding

NONCE = bytes(range(32))
ANSWER = Answer(exception=None, memory=False, outputs=(), bindings=(), dropped=0, exit_code=0)


def test_a_stream_keeps_its_room_and_counts_everything() -> None:
    stream = Stream(room=5)
    for data in (b"abc", b"def", b"ghi"):
        stream.take(data)
    assert (bytes(stream.kept), stream.made) == (b"abcde", 9)


async def _listen(
    stdout: bytes, stderr: bytes, result: bytes, limits: Limits
) -> tuple[Listener, list[str]]:
    told: list[str] = []
    ends = [os.pipe() for _ in range(3)]
    for reader, _ in ends:
        os.set_blocking(reader, False)
    listener = Listener(
        Pipes(stdout=ends[0][0], stderr=ends[1][0], result=ends[2][0]),
        limits,
        NONCE,
        on_answer=lambda: told.append("answer"),
        on_flood=told.append,
        frames=2,
    )
    for (_, writer), data in zip(ends, (stdout, stderr, result), strict=True):
        os.write(writer, data)
        os.close(writer)
    await asyncio.sleep(0.01)
    listener.close(drain=True)
    return listener, told


def test_what_comes_is_told_apart_by_its_pipe() -> None:
    frames = b"noise" + encode(ANSWER, NONCE) * 2
    listener, told = asyncio.run(_listen(b"out", b"err", frames, Limits()))
    assert bytes(listener.stdout.kept) == b"out"
    assert bytes(listener.stderr.kept) == b"err"
    assert listener.answers == [ANSWER, ANSWER]
    assert listener.result_bytes == len(frames)
    assert told == ["answer", "answer"]


def test_more_than_is_allowed_is_told() -> None:
    limits = Limits(flood_bytes=5)
    _, told = asyncio.run(_listen(b"abc", b"def", b"", limits))
    assert told == ["wrote more than 5 bytes"]


def test_a_frame_with_too_many_values_is_told_even_at_the_end() -> None:
    many = Binding(line_number=1, name="x", value=[0] * 100_000, value_hash="0" * 64)
    frame = encode(replace(ANSWER, bindings=(many,)), NONCE)
    limits = Limits(result_bytes=1 << 18)
    listener, told = asyncio.run(_listen(b"", b"", frame[:60_000], limits))
    assert (listener.flood, told) == ("", [])
    small = replace(ANSWER, bindings=(replace(many, value=[0] * 25_000),))
    listener, told = asyncio.run(_listen(b"", b"", encode(small, NONCE), limits))
    assert listener.answers == []
    assert listener.flood == "its results hold more than 20482 values"
    assert told == [listener.flood]


def test_an_overfull_result_channel_is_told_and_not_kept() -> None:
    async def go() -> None:
        reader, writer = os.pipe()
        pipes = [os.pipe() for _ in range(2)]
        os.set_blocking(reader, False)
        told: list[str] = []
        listener = Listener(
            Pipes(stdout=pipes[0][0], stderr=pipes[1][0], result=reader),
            Limits(result_bytes=1),
            NONCE,
            on_answer=lambda: None,
            on_flood=told.append,
        )
        for _ in range(3):
            os.write(writer, b"x" * 40_000)
            await asyncio.sleep(0.005)
        listener.close(drain=False)
        for descriptor in (writer, pipes[0][1], pipes[1][1]):
            os.close(descriptor)
        assert "wrote more than the result channel takes" in told

    asyncio.run(go())


class _Refilled(Stream):
    """The pipe of a process that lives on, and writes again as soon as there is room."""

    writer = -1

    def take(self, data: bytes) -> None:
        super().take(data)
        assert self.made < 1 << 22, "it reads on and on"
        os.write(self.writer, data)


def test_closing_takes_what_stands_in_the_pipes_and_not_what_comes_meanwhile() -> None:
    async def go() -> None:
        ends = [os.pipe() for _ in range(3)]
        for reader, _ in ends:
            os.set_blocking(reader, False)
        pipes = Pipes(stdout=ends[0][0], stderr=ends[1][0], result=ends[2][0])
        listener = Listener(pipes, Limits(), NONCE, on_answer=lambda: None, on_flood=lambda _: None)
        listener.stdout = _Refilled(room=1 << 20)
        listener.stdout.writer = ends[0][1]
        os.write(ends[0][1], b"x" * 50_000)
        os.write(ends[2][1], encode(ANSWER, NONCE))
        listener.close(drain=True)
        assert (listener.stdout.made, listener.answers) == (50_000, [ANSWER])
        for _, writer in ends:
            os.close(writer)

    asyncio.run(go())


def test_closing_takes_all_of_a_pipe_that_was_made_larger() -> None:
    async def go() -> None:
        ends = [os.pipe() for _ in range(3)]
        for reader, _ in ends:
            os.set_blocking(reader, False)
        pipes = Pipes(stdout=ends[0][0], stderr=ends[1][0], result=ends[2][0])
        listener = Listener(pipes, Limits(), NONCE, on_answer=lambda: None, on_flood=lambda _: None)
        fcntl.fcntl(ends[0][1], fcntl.F_SETPIPE_SZ, 1 << 18)
        os.write(ends[0][1], b"x" * (1 << 18))
        for _, writer in ends:
            os.close(writer)
        listener.close(drain=True)
        assert listener.stdout.made == 1 << 18

    asyncio.run(go())
