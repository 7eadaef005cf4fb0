from __future__ import annotations

import importlib.metadata
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from tracemill_sandbox.inside.template import Settings
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.sync import SyncSandboxPool


@pytest.fixture(params=[0o027, 0o077])
def closing_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_settings_survive_the_command_line() -> None:
    settings = Settings(
        control=5,
        uid=1000,
        folder="/somewhere/é x",
        avoid=("namespaces",),
        spares=2,
        libraries=("numpy",),
    )
    assert Settings.from_text(settings.to_text()) == settings


LOADING = (
    "import os, socket, sys, time\n"
    "from tracemill_sandbox.inside import template\n"
    "control = socket.socket(fileno=int(sys.argv[1]))\n"
    "template.forget_the_hosts_signals()\n"
    "template.end_with(control.fileno(), os.getpid())\n"
    "if template._has_gone(control): sys.exit()\n"
)


@pytest.mark.parametrize(
    ("then", "code"),
    [
        ("print(flush=True); time.sleep(60)", -signal.SIGIO),
        ("template.serve_with(control); print(flush=True); sys.stdin.read()", 0),
    ],
)
def test_it_ends_with_the_host_while_it_loads_and_sees_to_it_by_itself_later(
    then: str, code: int
) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = _start(LOADING + then, theirs)
    assert child.stdout is not None
    assert child.stdout.readline() == b"\n"
    ours.close()
    child.communicate(timeout=20)
    assert child.returncode == code


def test_a_host_that_was_gone_before_is_seen_too() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.close()
    child = _start(LOADING + "time.sleep(60)", theirs)
    child.communicate(timeout=20)
    assert child.returncode == 0


def _start(code: str, control: socket.socket) -> subprocess.Popen[bytes]:
    with control:
        return subprocess.Popen(
            [sys.executable, "-c", code, str(control.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(control.fileno(),),
        )


GUEST = (
    "import os, signal, time\n"
    "called = []\n"
    "before = signal.signal(signal.SIGALRM, lambda *_: called.append(1))\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.01)\n"
    "time.sleep(0.2)\n"
    "blocked = len(signal.pthread_sigmask(signal.SIG_BLOCK, []))\n"
    "seen = [before == signal.SIG_DFL, len(called), blocked, oct(os.umask(0))]\n"
)
HOST = (
    "import os, signal, sys\n"
    "for number in (signal.SIGCHLD, signal.SIGALRM):\n"
    "    signal.signal(number, signal.SIG_IGN)\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGTERM])\n"
    "os.umask(0o002)\n"
    "from tracemill_sandbox.request import RunRequest\n"
    "from tracemill_sandbox.sync import SyncSandboxPool\n"
    "with SyncSandboxPool(libraries=()) as pool:\n"
    "    result = pool.run(RunRequest(code=sys.argv[1], outputs=('seen',)))\n"
    "print(result.status, result.output('seen'), pool.stop().failures)\n"
)


@pytest.mark.sandbox
def test_nothing_of_the_hosts_signals_reaches_a_run() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOST, GUEST],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "ok [True, 1, 0, '0o22'] ()\n", done.stderr


@pytest.mark.sandbox
def test_a_part_of_a_library_can_be_loaded_beforehand_and_its_version_is_told() -> None:
    code = "import sys\nloaded = [n for n in ('numpy.ma', 'numpy.ma.mrecords') if n in sys.modules]"
    with SyncSandboxPool(libraries=("numpy.ma.mrecords", "absent.part")) as pool:
        result = pool.run(RunRequest(code=code, outputs=("loaded",)))
        assert pool.identity().libraries == {"numpy": importlib.metadata.version("numpy")}
    assert result.output("loaded") == ["numpy.ma", "numpy.ma.mrecords"]


@pytest.mark.sandbox
@pytest.mark.parametrize("avoid", [(), ("namespaces",)])
def test_files_that_the_host_would_close_to_others_are_none_of_the_runs_business(
    closing_umask: None, avoid: tuple[str, ...]
) -> None:
    code = "import os, encodings.idna\nmask = os.umask(0)"  # the module is not loaded beforehand
    with SyncSandboxPool(libraries=(), spares=0, avoid=avoid) as pool:
        assert pool.run(RunRequest(code=code, outputs=("mask",))).output("mask") == 0o022


@pytest.mark.sandbox
def test_what_a_run_started_is_killed_before_its_worker_is_waited_for() -> None:
    """The kernel may be long in ending a worker, and the template be killed meanwhile."""
    code = """
        import os, time
        from tracemill_sandbox.inside import template
        from tracemill_sandbox.kernel import call, proc

        call.adopt_orphans()
        reader, writer = os.pipe()
        worker = os.fork()
        if worker == 0:
            guest = os.fork()
            if guest:
                os.write(writer, str(guest).encode())
            else:
                os.setsid()
            time.sleep(15)
        guest, wait = int(os.read(reader, 20)), os.waitpid

        def ended() -> bool:
            try:
                return proc.stat(guest)[0] == b"Z"
            except OSError:
                return True

        def checked(pid: int, options: int) -> tuple[int, int]:
            deadline = time.monotonic() + 5
            while not ended():
                assert time.monotonic() < deadline, "the guest lives on"
                time.sleep(0.01)
            return wait(pid, options)

        os.waitpid = checked
        template._end()
        print("all ended")
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said.stdout == "all ended\n", said.stderr
