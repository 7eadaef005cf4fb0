from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import docker.errors
import pytest
import requests.exceptions

from tracemill_sandbox.oci.engine import OUTPUT_BYTES, Engine, EngineError, Output

MAKE: dict[str, Callable[[], Exception]] = {
    "APIError": lambda: docker.errors.APIError("server error"),
    "BuildError": lambda: docker.errors.BuildError("no", []),
    "ContainerError": lambda: docker.errors.ContainerError("c", 1, "x", "i", b"oh"),
    "DockerException": lambda: docker.errors.DockerException("daemon is gone"),
    "ImageLoadError": lambda: docker.errors.ImageLoadError("bad"),
    "InvalidArgument": lambda: docker.errors.InvalidArgument("bad"),
    "InvalidConfigFile": lambda: docker.errors.InvalidConfigFile("bad"),
    "InvalidVersion": lambda: docker.errors.InvalidVersion("old"),
    "NullResource": lambda: docker.errors.NullResource("no id"),
    "StreamParseError": lambda: docker.errors.StreamParseError("junk"),
    "TLSParameterError": lambda: docker.errors.TLSParameterError("no"),
    "ReadTimeout": lambda: requests.exceptions.ReadTimeout("frozen"),
    "ConnectionError": lambda: requests.exceptions.ConnectionError("refused"),
    "ChunkedEncodingError": lambda: requests.exceptions.ChunkedEncodingError("cut"),
    "OSError": lambda: OSError("broken pipe"),
    "KeyError": lambda: KeyError("Id"),
}

CALLS: dict[str, tuple[str, str, Callable[[Engine], Awaitable[object]]]] = {
    "info": ("open", "engine", lambda engine: engine.engine_id(5)),
    "image": ("image", "i", lambda engine: engine.has_image("i", 5)),
    "import": ("image", "i", lambda engine: engine.import_image("i", "1", b"", 5)),
    "create": (
        "create",
        "box",
        lambda engine: engine.create("i", {"name": "box", "labels": {}}, {}, 5),
    ),
    "start": ("start", "box", lambda engine: engine.start("box", 5)),
    "stop": ("stop", "box", lambda engine: engine.stop("box", 5)),
    "kill": ("kill", "box", lambda engine: engine.kill("box", 5)),
    "remove": ("remove", "box", lambda engine: engine.remove("box", 5)),
    "inspect": ("verify", "box", lambda engine: engine.labels("box", 5)),
    "list": ("list", "engine", lambda engine: engine.labelled("l", 5)),
}


def _error_of(engine: Any, call: str) -> EngineError:
    async def work() -> EngineError:
        with pytest.raises(EngineError) as caught:
            await CALLS[call][2](Engine(engine.connect))
        return caught.value

    return asyncio.run(work())


@pytest.mark.parametrize("kind", MAKE)
def test_whatever_a_call_raises_says_what_was_asked_of_which_container(
    engine: Any, kind: str
) -> None:
    error = MAKE[kind]()
    engine.faults |= {(call, "*"): error for call in CALLS}
    for call, (phase, subject, _) in CALLS.items():
        raised = _error_of(engine, call)
        assert (raised.phase, raised.subject, raised.error) == (phase, subject, kind)
        assert raised.text == str(error)
        assert str(raised) == f"{phase} {subject}: {kind}: {error}"


def test_a_daemon_that_is_absent_shows_in_every_call(engine: Any) -> None:
    engine.faults["connect", "*"] = docker.errors.DockerException("no daemon")
    assert [_error_of(engine, call).text for call in CALLS] == ["no daemon"] * len(CALLS)


def test_a_call_that_hangs_is_left_at_its_deadline(engine: Any) -> None:
    engine.faults["kill", "*"] = 30.0

    async def work() -> EngineError:
        with pytest.raises(EngineError) as caught:
            await Engine(engine.connect).kill("box", 0.1)
        return caught.value

    began = time.monotonic()
    raised = asyncio.run(work())  # the end of the loop does not wait for the call, either
    assert time.monotonic() - began < 5
    assert (raised.error, raised.text) == ("DeadlineExceeded", "no answer within 0.1 s")


def test_the_client_gives_up_a_little_before_the_deadline(engine: Any) -> None:
    given: list[float] = []

    def connect(seconds: float) -> Any:
        given.append(seconds)
        return engine.connect(seconds)

    asyncio.run(Engine(connect).labelled("l", 10.0))
    assert given == [9.0]
    assert engine.calls[-1] == ("close", "")


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (404, "NotFound", (True, False)),
        (404, "ImageNotFound", (True, False)),
        (409, "APIError", (False, True)),
        (500, "APIError", (False, False)),
    ],
)
def test_the_daemons_word_says_whether_it_is_gone_or_going(
    engine: Any,
    refuse: Callable[..., Exception],
    code: int,
    kind: str,
    says: tuple[bool, bool],
) -> None:
    engine.faults["kill", "*"] = refuse(code, "text", kind)
    raised = _error_of(engine, "kill")
    assert (raised.gone, raised.under_way) == says
    assert (raised.as_failure().phase, raised.code) == ("kill", code)


def test_an_engine_has_an_id(engine: Any) -> None:
    assert asyncio.run(Engine(engine.connect).engine_id(5)) == "fake-engine"


def test_what_a_container_says_is_heard_until_it_ends(engine: Any) -> None:
    async def work() -> Output:
        container = engine.place("box", {})
        output = await Engine(engine.connect).attach("box", 5)
        assert not output.ended.is_set()
        engine.words = b"No module named x\n"
        engine.leave(container)
        assert await asyncio.to_thread(output.ended.wait, 5)
        return output

    assert asyncio.run(work()).text == "No module named x"


def test_images_and_containers_that_are_not_there_are_no_error(engine: Any) -> None:
    async def work() -> tuple[object, object]:
        asked = Engine(engine.connect)
        return await asked.has_image("i", 5), await asked.labels("box", 5)

    assert asyncio.run(work()) == (False, None)


def test_an_attach_that_fails_costs_the_words_only(engine: Any) -> None:
    engine.faults["attach", "*"] = OSError("no stream")
    output = asyncio.run(Engine(engine.connect).attach("box", 5))
    assert output.text == "attach box: OSError: no stream"
    assert not output.ended.is_set()


def test_only_the_last_words_are_kept() -> None:
    output = Output()
    output.take(b"a" * 10_000)
    output.take(b"\xffend")
    assert len(output.text) == OUTPUT_BYTES
    assert output.text.endswith("a\N{REPLACEMENT CHARACTER}end")
