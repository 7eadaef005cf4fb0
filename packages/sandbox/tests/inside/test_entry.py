from __future__ import annotations

import pytest

from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox


def test_a_program_finds_its_folder_its_user_and_nothing_else(pool: SyncSandboxPool) -> None:
    code = (
        "import os, signal, sys\n"
        "seen = [os.getcwd() == os.environ['HOME'] == os.environ['TMPDIR'], os.getuid() != 0,\n"
        "    os.getsid(0) == os.getpid(), signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL,\n"
        "    sys.stdin.read(), sys.argv, __name__]\n"
    )
    seen = pool.run(RunRequest(code=code, outputs=("seen",))).output("seen")
    assert seen == [True, True, True, True, "", ["main.py"], "__main__"]


def test_limits_of_the_request_hold_in_a_process_that_was_confined_before(
    pool: SyncSandboxPool,
) -> None:
    code = (
        "import resource as r\n"
        "seen = [r.getrlimit(k)[0] for k in (r.RLIMIT_FSIZE, r.RLIMIT_NOFILE)]"
    )
    limits = Limits(file_bytes=12345, open_files=99)
    result = pool.run(RunRequest(code=code, outputs=("seen",), limits=limits))
    assert result.output("seen") == [12345, 99]


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess; subprocess.run(['/bin/true'])",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
    ],
)
def test_other_programs_start_only_where_they_may(pool: SyncSandboxPool, code: str) -> None:
    refused = pool.run(RunRequest(code=code, subprocess=False))
    assert refused.status == "error"
    assert refused.claims.exception in ("PermissionError", "OSError", "BlockingIOError")
    assert pool.run(RunRequest(code=code)).claims.exception is None


def test_threads_run_where_other_programs_may_not(pool: SyncSandboxPool) -> None:
    code = (
        "import threading\nseen = []\nt = threading.Thread(target=seen.append, args=(1,))\n"
        "t.start(); t.join()\n"
    )
    result = pool.run(RunRequest(code=code, outputs=("seen",), subprocess=False))
    assert result.output("seen") == [1]
