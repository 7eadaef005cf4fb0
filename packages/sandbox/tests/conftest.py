from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tracemill_sandbox.pool import SandboxPool

PLANTED = "known-only-to-the-host"


@pytest.fixture(scope="session")
def pool() -> Iterator[SandboxPool]:
    """One pool for all tests of the package; the host's environment holds a secret meanwhile."""
    os.environ["TRACEMILL_TEST_SECRET"] = PLANTED
    with SandboxPool(workers=1) as opened:
        yield opened
    del os.environ["TRACEMILL_TEST_SECRET"]
