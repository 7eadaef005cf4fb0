from __future__ import annotations

import pytest

from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import MIB, Limits, RunRequest

STATUS = (
    "text = open('/proc/self/status').read().split()\n"
    "seen = [text[text.index(key) + 1] for key in ('NoNewPrivs:', 'CapEff:', 'CapBnd:')]"
)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("import resource as r; seen = r.getrlimit(r.RLIMIT_NOFILE)", [40, 40]),
        ("import resource as r; seen = r.getrlimit(r.RLIMIT_CORE)", [0, 0]),
        ("import resource as r; seen = r.getrlimit(r.RLIMIT_FSIZE)", [2 * MIB, 2 * MIB]),
        ("import resource as r; seen = r.getrlimit(r.RLIMIT_CPU)", [3, 4]),
        (
            STATUS,
            ["1", "0" * 16, "0" * 16],
        ),
        (
            "try: open('big', 'wb').truncate(1 << 40)\nexcept OSError as error: seen = error.errno",
            27,
        ),
    ],
)
def test_a_program_lives_within_its_limits(pool: SandboxPool, code: str, wanted: object) -> None:
    limits = Limits(open_files=40, file_bytes=2 * MIB, cpu_seconds=2.5)
    # An assignment below another statement is no binding, but an output all the same.
    result = pool.run(RunRequest(code=code, outputs=("seen",), limits=limits))
    assert result.output("seen") == wanted, result
