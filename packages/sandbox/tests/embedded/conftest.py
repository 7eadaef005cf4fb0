from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.embedded.worker import EmbeddedWorker

Do = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(scope="module")
def do() -> Iterator[Do]:
    """Run a coroutine on the module's event loop."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="module")
def worker(do: Do) -> Iterator[EmbeddedWorker]:
    """One worker without libraries; nothing may be left when it is stopped."""
    backend, started = do(_start())
    yield started
    assert do(started.stop(1.0)) == ()
    assert do(backend.close(1.0)) == ()


async def _start() -> tuple[EmbeddedBackend, EmbeddedWorker]:
    backend = EmbeddedBackend(libraries=())
    await backend.open()
    worker = backend.worker("w0")
    await worker.start()
    return backend, worker
