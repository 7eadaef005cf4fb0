from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from tracemill_sandbox.request import SPANS, Limits, RunRequest, SessionRequest
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox


@pytest.fixture
def few_descriptors() -> Iterator[None]:
    """Let this process, and what it starts, open few files at first; up to the old bound later."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


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


@pytest.mark.parametrize("avoid", [(), ("namespaces",)])
def test_a_program_may_open_more_files_than_the_host_at_first(
    few_descriptors: None, avoid: tuple[str, ...]
) -> None:
    code = "import resource\nseen = resource.getrlimit(resource.RLIMIT_NOFILE)"
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with SyncSandboxPool(libraries=(), spares=0, avoid=avoid) as pool:
        for wanted in (1000, 1 << 16):  # the second, where this machine has no more than so many
            limits = Limits(open_files=wanted)
            result = pool.run(RunRequest(code=code, outputs=("seen",), limits=limits))
            assert result.output("seen") == [min(wanted, hard)] * 2


def test_limits_may_be_as_large_as_they_get() -> None:
    code = "import os\nos.system('true')\nx = 1"
    with SyncSandboxPool(libraries=(), memory_bytes=1 << 50) as pool:
        for name, span in SPANS.items():
            limits = Limits(**{name: span.most})  # type: ignore[arg-type]  # by name
            result = pool.run(RunRequest(code=code, outputs=("x",), limits=limits))
            assert (name, result.status, result.output("x")) == (name, "ok", 1)
        with pool.session(SessionRequest(limits=Limits(processes=SPANS["processes"].most))) as told:
            assert told.run("x = 2", ("x",)).output("x") == 2


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
