from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.tier import NOBODY, Tier, needed_paths, run_user

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("held", "name"),
    [
        ((True, True, True), "namespaces-landlock-seccomp"),
        ((False, True, False), "landlock"),
        ((False, False, False), "rlimits"),
    ],
)
def test_the_name_lists_what_holds(held: tuple[bool, bool, bool], name: str) -> None:
    assert Tier(namespaces=held[0], landlock=held[1], seccomp=held[2]).name == name


def test_runs_never_have_user_0() -> None:
    assert run_user() == (NOBODY if os.getuid() == 0 else os.getuid())
    assert needed_paths()


def test_a_lesser_tier_always_has_its_reason_and_remedy(pool: SandboxPool) -> None:
    offer = pool.offer()
    whole = offer.tier == Tier(namespaces=True, landlock=True, seccomp=True)
    assert whole == (offer.reasons == ())
    assert len(offer.reasons) == len(offer.remedies)


WITHOUT_NAMESPACES = """
import os
from tracemill_sandbox import kernel, seccomp, veil
from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.tier import needed_paths

if os.getuid() == 0:
    veil.open_up(needed_paths())
    kernel.become(65534, 65534)
kernel.no_new_privileges()
seccomp.restrict()
CHILD = "import os, time\\nif os.fork() == 0:\\n    os.setsid()\\n    time.sleep(60)\\n"
with SandboxPool(libraries=()) as pool:
    print(pool.identity().tier, pool.offer().reasons[0][:13])
    print(pool.run(RunRequest(code="x = open('/etc/passwd')")).reason)
    print(pool.run(RunRequest(code=CHILD + "x = 1", outputs=("x",))).output("x"))
    loop = pool.run(RunRequest(code=CHILD + "while True: pass", limits=Limits(wall_seconds=0.3)))
    print(loop.status, loop.facts.attempts)
    (server,) = pool.worker_pids()
    print(repr(open(f"/proc/{server}/task/{server}/children").read()))
print(pool.stop().failures)
"""


def test_without_namespaces_the_rest_still_holds_and_the_tier_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NAMESPACES], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "landlock-seccomp no namespaces",
        "raised PermissionError",
        "1",
        "timeout 1",
        "''",
        "()",
    ]
