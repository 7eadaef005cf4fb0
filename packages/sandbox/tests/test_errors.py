from __future__ import annotations

import pytest

from tracemill_sandbox.errors import (
    PoolSaturated,
    PoolStopped,
    RequestInvalid,
    SandboxUnavailable,
    WorkerLost,
)
from tracemill_schema.errors import TracemillError


@pytest.mark.parametrize(
    ("error", "text", "exit_code"),
    [
        (
            SandboxUnavailable(reasons=("no a", "no b"), remedies=("get a", "get b")),
            "the sandbox is not available here: no a; no b. What helps: get a; get b",
            3,
        ),
        (
            PoolStopped(),
            "the sandbox pool is stopped and takes no more runs; open a new pool",
            3,
        ),
        (
            PoolSaturated(waiting=9, limit=8, retry_after=1.5),
            "9 runs are waiting for a sandbox worker, at most 8 may; try again in 1.5 s",
            3,
        ),
        (WorkerLost("gone"), "gone", 3),
        (RequestInvalid("bad"), "bad", 2),
    ],
)
def test_messages_and_exit_codes(error: TracemillError, text: str, exit_code: int) -> None:
    assert (str(error), error.exit_code) == (text, exit_code)
