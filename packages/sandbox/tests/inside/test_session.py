from __future__ import annotations

import time

import pytest

from tracemill_sandbox.errors import RequestInvalid, SessionClosed
from tracemill_sandbox.request import Limits, RunRequest, SessionRequest
from tracemill_sandbox.sync import SyncSandboxPool

pytestmark = pytest.mark.sandbox

SHORT = SessionRequest(limits=Limits(wall_seconds=0.5))


def test_cells_share_state_and_can_be_taken_back(pool: SyncSandboxPool) -> None:
    with pool.session(SHORT) as session:
        assert session.run("x = [1]", ("x",)).output("x") == [1]
        assert session.run("x.append(2)", ("x",)).output("x") == [1, 2]
        session.rollback()
        assert session.run("x.append(3)\nprint(x)", ("x",)).claims.stdout == "[1, 3]\n"
        session.rollback(2)
        assert session.run("y = 'x' in globals()", ("y",)).output("y") is False
        with pytest.raises(RequestInvalid, match="wanted at most 1 cells, got 2"):
            session.rollback(2)


def test_branches_go_on_apart(pool: SyncSandboxPool) -> None:
    with pool.session(SHORT) as session:
        session.run("x = 1")
        other = session.branch()
        assert session.run("x += 1", ("x",)).output("x") == 2
        assert other.run("x *= 10", ("x",)).output("x") == 10
        session.rollback(2)
        assert other.run("x += 1", ("x",)).output("x") == 11
        other.close()
        assert session.run("x = 5", ("x",)).output("x") == 5


@pytest.mark.parametrize(
    ("fatal", "status"),
    [
        ("x = 2\nimport os; os._exit(0)", "error"),
        ("x = 2\nimport os; os.kill(os.getpid(), 9)", "killed"),
        ("x = 2\nwhile True: pass", "timeout"),
        ("x = 2\nimport time; time.sleep(60)", "timeout"),
    ],
)
def test_a_cell_whose_process_dies_has_changed_nothing(
    pool: SyncSandboxPool, fatal: str, status: str
) -> None:
    with pool.session(SHORT) as session:
        session.run("x = 1")
        assert session.run(fatal).status == status
        assert session.run("y = x", ("y",)).output("y") == 1


def test_a_copy_that_a_cell_forks_becomes_no_state(pool: SyncSandboxPool) -> None:
    code = (
        "import os, sys\ncopy = os.fork() == 0\nprint('copy' if copy else 'main')\n"
        "if copy: sys.exit(7)\ncode = os.waitstatus_to_exitcode(os.wait()[1])"
    )
    with pool.session(SHORT) as session:
        result = session.run(code, ("copy", "code"))
        assert (result.output("copy"), result.output("code")) == (False, 7)
        assert (result.status, sorted(result.claims.stdout.split())) == ("ok", ["copy", "main"])
        assert session.run("y = copy, code", ("y",)).output("y") == [False, 7]


def test_a_cell_that_raises_keeps_what_it_did(pool: SyncSandboxPool) -> None:
    with pool.session(SHORT) as session:
        result = session.run("x = 1\nraise ValueError('no')")
        assert (result.status, result.claims.exception) == ("error", "ValueError")
        assert session.run("y = x", ("y",)).output("y") == 1


def test_files_are_there_and_stay_between_cells(pool: SyncSandboxPool) -> None:
    with pool.session(SessionRequest(files={"a.csv": b"1"})) as session:
        session.run("open('b', 'w').write(open('a.csv').read() * 3)")
        assert session.run("y = open('b').read()", ("y",)).output("y") == "111"


def test_a_session_that_kills_its_states_is_closed_and_the_worker_serves_on(
    pool: SyncSandboxPool,
) -> None:
    code = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time; time.sleep(5)"
    with pool.session(SHORT) as session, pytest.raises(SessionClosed):
        session.run(code)
    assert pool.run(RunRequest(code="x = 1", outputs=("x",))).output("x") == 1


def test_a_cell_that_talks_on_its_sockets_harms_only_its_session(pool: SyncSandboxPool) -> None:
    code = (
        "import os\nfor fd in range(3, 256):\n    for _ in range(50):\n"
        "        try: os.write(fd, b'{\"died\": 0}')\n        except OSError: break\nx = 1\n"
    )
    with pool.session(SHORT) as session:
        try:
            session.run(code)
            session.run("x = 2")
        except SessionClosed:
            pass
    assert pool.run(RunRequest(code="x = 1", outputs=("x",))).output("x") == 1


def test_a_session_may_have_more_states_than_a_cell_may_have_processes(
    pool: SyncSandboxPool,
) -> None:
    with pool.session(SessionRequest(limits=Limits(processes=8))) as session:
        session.run("x = 0")
        for _ in range(20):
            assert session.run("x += 1").ok
        assert session.run("y = x", ("y",)).output("y") == 20


def test_a_closed_session_runs_nothing(pool: SyncSandboxPool) -> None:
    with pool.session(SHORT) as session:
        session.run("x = 1")
    with pytest.raises(SessionClosed, match="it was closed"):
        session.run("x = 2")
    assert pool.run(RunRequest(code="x = 1", outputs=("x",))).ok


@pytest.mark.parametrize("seconds", [60.0, 0.5])
def test_an_open_branch_does_not_outlive_its_session(pool: SyncSandboxPool, seconds: float) -> None:
    code = (
        "import os, time\nif os.fork() == 0:\n    while True:\n"
        "        open('count', 'a').write('1'); time.sleep(0.01)"
    )
    look = (
        "import os, time\ndef sizes():\n    found = []\n    for number in range(200):\n"
        "        try: found.append(os.stat(f'../{number}/count').st_size)\n"
        "        except OSError: pass\n    return found\n"
        "before = sizes(); time.sleep(0.3); after = sizes()"
    )
    with pool.session(SessionRequest(seconds=seconds)) as session:
        assert session.run(code).ok
        branch = session.branch()
        if seconds < 1:
            time.sleep(1.0)
    result = pool.run(RunRequest(code=look, outputs=("before", "after")))
    assert (result.output("before"), result.output("after")) == ([], [])
    branch.close()
    assert pool.run(RunRequest(code="x = 1")).ok


def test_the_time_of_a_session_is_bounded(pool: SyncSandboxPool) -> None:
    request = SessionRequest(seconds=0.3, limits=Limits(wall_seconds=5))
    with pool.session(request) as session, pytest.raises(SessionClosed, match=r"after 0\.3 s"):
        session.run("import time; time.sleep(2)")
