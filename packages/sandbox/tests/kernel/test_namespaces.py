from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tracemill_sandbox.namespaces import INSIDE
from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import RunRequest


def test_a_run_sees_only_itself(pool: SandboxPool) -> None:
    if not pool.offer().tier.namespaces:
        pytest.skip("; ".join(pool.offer().reasons))
    code = (
        "import os\npids = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())\n"
        "links = open('/proc/net/dev').read().count(':')\nme = [os.getuid(), os.getpid()]\n"
    )
    result = pool.run(RunRequest(code=code, outputs=("pids", "links", "me")))
    assert result.output("pids") == [1, 2]
    assert result.output("links") == 1
    assert result.output("me") == [INSIDE, 2]


def test_trying_them_changes_nothing_for_the_caller() -> None:
    uid = 65534 if os.getuid() == 0 else os.getuid()
    script = (
        "import os\nfrom tracemill_sandbox.namespaces import refusal\n"
        "before = [os.stat(f'/proc/self/ns/{n}').st_ino for n in ('user', 'net', 'pid')]\n"
        f"print(refusal({uid}))\n"
        "assert before == [os.stat(f'/proc/self/ns/{n}').st_ino for n in ('user', 'net', 'pid')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
